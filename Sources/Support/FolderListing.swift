internal import Foundation

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
    /// Something on a drive that doesn't answer.
    case unanswered
  }

  /// A name in a folder.
  struct Name {
    var text: String
    /// What it names, as far as the folder says; `nil` for a link and where it doesn't say.
    var kind: FileStatus.Kind?
  }

  /// What `path` leads to, links followed.
  package static func item(at path: String) -> Item {
    do throws(FileError) {
      return switch try FileStatus(path).kind {
      case .file: .file
      case .folder: .folder
      case .special, .link: .special
      }
    } catch {
      return error.isTimedOut ? .unanswered : .missing
    }
  }

  /// The names in a folder, hidden ones included, sorted by their bytes.
  ///
  /// - Throws: `FileError` if the folder can't be read.
  package static func names(in folder: String) throws(FileError) -> [String] {
    try contents(of: folder).map(\.text)
  }

  /// The names in a folder with what they name, sorted by their bytes.
  ///
  /// - Throws: `FileError` if the folder can't be read.
  static func contents(of folder: String) throws(FileError) -> [Name] {
    try DiskCall.run("opendir", folder) { work throws(FileError) in
      var names: [(bytes: [UInt8], kind: FileStatus.Kind?)] = []
      try read(folder, work) { name, type in
        if name != [0x2E] && name != [0x2E, 0x2E] { names.append((name, kind(ofType: type))) }
        return true
      }
      return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        .map { Name(text: FileName.text($0.bytes), kind: $0.kind) }
    }
  }

  /// Reads a folder for as long as `body` returns `true`.
  ///
  /// `body` gets each name and its type (`DT_REG`, say), also the folder's own.
  static func read(
    _ folder: String, _ work: DiskWork, _ body: ([UInt8], UInt8) throws(FileError) -> Bool
  ) throws(FileError) {
    guard let stream = unsafe opendir(FileName.cString(folder)) else {
      throw FileError(code: errno, call: "opendir", path: folder)
    }
    defer { unsafe closedir(stream) }
    while true {
      work.goOn()
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe Array(bytes.prefix { $0 != 0 })
      }
      guard unsafe try body(name, entry.pointee.d_type) else { return }
    }
    if errno != 0 { throw FileError(code: errno, call: "readdir", path: folder) }
  }

  private static func kind(ofType type: UInt8) -> FileStatus.Kind? {
    switch Int(type) {
    case Int(DT_REG): .file
    case Int(DT_DIR): .folder
    case Int(DT_FIFO), Int(DT_SOCK), Int(DT_CHR), Int(DT_BLK): .special
    default: nil
    }
  }

  /// The folders in a folder, as `folder` joined with their names; neither hidden ones nor links.
  ///
  /// - Throws: `FileError` if the folder can't be read.
  package static func folders(in folder: String) throws(FileError) -> [String] {
    try contents(of: folder.isEmpty ? "." : folder)
      .filter { $0.text.utf8.first != UInt8(ascii: ".") }
      .filter { ($0.kind ?? ownKind(of: PathText.join(folder, $0.text))) == .folder }
      .map { PathText.join(folder, $0.text) }
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
        if suffixes.contains(PathText.suffix(of: entry.path)) { files.append(entry.path) }
      case .folder, .missing: break
      }
    }
    return files
  }

  /// Whether `a` comes before `b` by their UTF-8 bytes.
  package static func precedesInBytes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  /// What `path` itself is; `nil` if that can't be told.
  static func ownKind(of path: String) -> FileStatus.Kind? {
    try? FileStatus(path, followsLinks: false).kind
  }
}
