internal import Foundation

/// What folders contain, in an order that does not depend on the file system.
package enum FolderListing {
  /// What a path leads to.
  package enum Item {
    /// Anything that is not a folder.
    case file
    /// A folder, or a link to one.
    case folder
    /// Nothing.
    case missing
  }

  /// What `path` leads to, links followed.
  package static func item(at path: String) -> Item {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return .missing
    }
    return isFolder.boolValue ? .folder : .file
  }

  /// The names in a folder, hidden ones included, sorted by their UTF-8 bytes.
  ///
  /// - Throws: Foundation's error if the folder can't be read.
  package static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted(by: precedesInBytes)
  }

  /// The folders in a folder, as `folder` joined with their names; neither hidden ones nor links.
  ///
  /// - Throws: Foundation's error if the folder can't be read.
  package static func folders(in folder: String) throws -> [String] {
    try names(in: folder.isEmpty ? "." : folder)
      .filter { !$0.hasPrefix(".") }.map { join(folder, $0) }
      .filter { item(at: $0) == .folder && !isLink($0) }
  }

  /// The files in a folder whose suffix is one of `suffixes`, as paths relative to `folder`.
  ///
  /// A folder's own files come first, then those of the folders in it, if asked for. Suffixes are
  /// given in lower case, without the dot. Hidden names are skipped. Links to folders are not
  /// followed, so cyclic links do no harm; `folder` itself may be a link.
  ///
  /// - Throws: Foundation's error if the folder or one in it can't be read.
  package static func files(
    in folder: String, suffixes: Set<String>, isRecursive: Bool
  ) throws -> [String] {
    var files: [String] = []
    var folders: [String] = []
    for name in try names(in: folder) where !name.hasPrefix(".") {
      let path = join(folder, name)
      switch item(at: path) {
      case .file: if suffixes.contains(suffix(of: name)) { files.append(name) }
      case .folder: if isRecursive && !isLink(path) { folders.append(name) }
      case .missing: break
      }
    }
    return try files
      + folders.flatMap { name in
        try self.files(in: join(folder, name), suffixes: suffixes, isRecursive: true)
          .map { join(name, $0) }
      }
  }

  /// `folder` and `name` with one slash between them; `name` alone if `folder` is empty.
  package static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty || folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The suffix of a file's name in lower case, without the dot; empty if it has none.
  package static func suffix(of path: String) -> String {
    let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// Whether `a` comes before `b` by their UTF-8 bytes.
  package static func precedesInBytes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  private static func isLink(_ path: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
  }
}
