#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// What folders contain, in an order that does not depend on the file system.
///
/// Names and paths are texts as `FileName` makes them, so no name is lost.
package enum FolderListing {
  /// What a path leads to.
  package enum Item {
    /// A regular file.
    case file
    /// A pipe, a device or a socket.
    case special
    /// A folder, or a link to one.
    case folder
    /// Nothing, or something that may not be read.
    case missing
  }

  /// What `path` leads to, links followed.
  package static func item(at path: String) -> Item {
    var status = stat()
    guard unsafe stat(FileName.cString(path), &status) == 0 else { return .missing }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    default: .special
    }
  }

  /// The names in a folder, hidden ones included, sorted by their bytes.
  ///
  /// - Throws: `FileError` if the folder can't be read.
  package static func names(in folder: String) throws(FileError) -> [String] {
    guard let stream = unsafe opendir(FileName.cString(folder)) else {
      throw FileError(code: errno, call: "opendir", path: folder)
    }
    defer { unsafe closedir(stream) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe Array(bytes.prefix { $0 != 0 })
      }
      if name != [0x2E] && name != [0x2E, 0x2E] { names.append(name) }
    }
    if errno != 0 { throw FileError(code: errno, call: "readdir", path: folder) }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map { FileName.text($0) }
  }

  /// The folders in a folder, as `folder` joined with their names; neither hidden ones nor links.
  ///
  /// - Throws: `FileError` if the folder can't be read.
  package static func folders(in folder: String) throws(FileError) -> [String] {
    try names(in: folder.isEmpty ? "." : folder)
      .filter { $0.utf8.first != UInt8(ascii: ".") }.map { join(folder, $0) }
      .filter { item(at: $0) == .folder && !isLink($0) }
  }

  /// The files in a folder whose suffix is one of `suffixes`, as paths relative to `folder`.
  ///
  /// A folder's own files come first, then those of the folders in it, if asked for. Suffixes are
  /// given in lower case, without the dot. Hidden names are skipped. Links to folders are not
  /// followed, so cyclic links do no harm; `folder` itself may be a link.
  ///
  /// - Throws: `FileError` if the folder or one in it can't be read.
  package static func files(
    in folder: String, suffixes: Set<String>, isRecursive: Bool
  ) throws(FileError) -> [String] {
    var files: [String] = []
    for entry in try FolderWalk(folder, isRecursive: isRecursive).entries {
      switch entry.kind {
      case .unreadable(let error): throw error
      case .file, .special:
        if suffixes.contains(suffix(of: entry.path)) { files.append(entry.path) }
      case .folder, .missing: break
      }
    }
    return files
  }

  /// `folder` and `name` with one slash between them; `name` alone if `folder` is empty.
  package static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty || folder.utf8.last == UInt8(ascii: "/")
      ? folder + name : folder + "/" + name
  }

  /// The suffix of a file's name in lower case, without the dot; empty if it has none.
  package static func suffix(of path: String) -> String {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let name = path.utf8[(slash.map { path.utf8.index(after: $0) } ?? path.startIndex)...]
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return "" }
    return String(path[path.utf8.index(after: dot)...]).lowercased()
  }

  /// Whether `a` comes before `b` by their UTF-8 bytes.
  package static func precedesInBytes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  /// Whether `path` itself is a link.
  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(FileName.cString(path), &status) == 0
      && status.st_mode & S_IFMT == S_IFLNK
  }
}
