/// Everything in a folder, and in the folders in it if asked for, in a fixed order.
///
/// A folder's own entries come first, then those of the folders in it. Hidden names are left out.
/// Links to folders are not followed, so cyclic links do no harm; the folder itself may be a link.
/// A folder in it that can't be read is an entry, not an error.
package struct FolderWalk {
  /// One thing in the folder.
  package struct Entry {
    /// What it is.
    package enum Kind {
      /// A regular file, or a link to one.
      case file
      /// A pipe, a device or a socket.
      case special
      /// A name that leads to nothing: for example a broken link.
      case missing
      /// A folder that was not entered.
      case folder
      /// A folder that should have been entered, or something on a drive that doesn't answer.
      case unreadable(FileError)
    }

    /// Relative to the folder.
    package var path: String
    /// What it is.
    package var kind: Kind
  }

  /// What was found.
  package private(set) var entries: [Entry] = []

  /// Lists `folder`.
  ///
  /// - Throws: `FileError` if `folder` itself can't be read.
  package init(_ folder: String, isRecursive: Bool) throws(FileError) {
    var waiting = try add(in: folder, below: "", isRecursive: isRecursive)
    // Depth first, in order, without a call for each level.
    while let inner = waiting.popLast() {
      let path = PathText.join(folder, inner)
      do throws(FileError) {
        waiting += try add(in: path, below: inner, isRecursive: true)
      } catch {
        entries.append(Entry(path: inner, kind: .unreadable(error)))
      }
    }
  }

  /// Adds the entries of one folder; returns the folders to enter, the last one first.
  private mutating func add(
    in folder: String, below base: String, isRecursive: Bool
  ) throws(FileError) -> [String] {
    var folders: [String] = []
    for name in try FolderListing.contents(of: folder)
    where name.text.utf8.first != UInt8(ascii: ".") {
      let path = PathText.join(folder, name.text)
      let inner = PathText.join(base, name.text)
      // Most folders say what their names are, so that the disk is asked for links only.
      let kind = name.kind.map(Entry.Kind.init) ?? Entry.Kind(at: path)
      if case .folder = kind, isRecursive,
        (name.kind ?? FolderListing.ownKind(of: path)) == .folder
      {
        folders.append(inner)
      } else {
        entries.append(Entry(path: inner, kind: kind))
      }
    }
    return folders.reversed()
  }
}

extension FolderWalk.Entry.Kind {
  fileprivate init(_ kind: FileStatus.Kind) {
    self =
      switch kind {
      case .file: .file
      case .folder: .folder
      case .special, .link: .special
      }
  }

  /// What `path` leads to, links followed.
  fileprivate init(at path: String) {
    do throws(FileError) {
      self.init(try FileStatus(path).kind)
    } catch {
      self = error.isTimedOut ? .unreadable(error) : .missing
    }
  }
}
