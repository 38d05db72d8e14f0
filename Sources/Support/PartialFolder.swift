internal import Foundation

/// A folder of many files that appears under its name only when all of them are written.
///
/// Until then it is `X.k3j9x0ab7c2q.partial` beside `X`. `finish()` renames it, and refuses to
/// replace a folder that has anything in it. Use it from one thread at a time.
package final class PartialFolder {
  /// The final name.
  package let path: String
  private let partialPath: String
  /// The folders that were made in it.
  private var known: Set<String> = [""]
  private var isOpen = true

  /// Makes the temporary folder for `path`.
  ///
  /// - Throws: `FileError`, with `EEXIST` or `ENOTEMPTY` if `path` is something else than an empty
  ///   folder.
  package init(_ path: String) throws(FileError) {
    let trimmed = PathText.components(of: path).last == nil ? path : Self.trimmed(path)
    self.path = trimmed
    partialPath = PathText.join(
      PathText.parent(of: trimmed), TemporaryName.random(for: PathText.name(of: trimmed)))
    try Self.refuse(trimmed)
    guard unsafe mkdir(FileName.cString(partialPath), 0o777) == 0 else {
      throw FileError(code: errno, call: "mkdir", path: trimmed)
    }
  }

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, PathText.endsWithSlash(path) { path.removeLast() }
    return path
  }

  /// Throws if something is in the way of a folder `path`.
  private static func refuse(_ path: String) throws(FileError) {
    switch FolderListing.item(at: path) {
    case .missing: break
    case .folder:
      guard try FolderListing.names(in: path).isEmpty else {
        throw FileError(code: ENOTEMPTY, call: "rename", path: path)
      }
    case .file, .special: throw FileError(code: EEXIST, call: "mkdir", path: path)
    case .unanswered: throw FileError(code: ETIMEDOUT, call: "stat", path: path)
    }
  }

  /// Where the file `name`, a relative path, is until the folder has its name; makes the folders
  /// above it.
  package func place(of name: String) throws(FileError) -> String {
    try makeFolder(PathText.parent(of: name))
    return PathText.join(partialPath, name)
  }

  /// Writes a whole file; `name` is a relative path that isn't taken.
  package func write(_ bytes: [UInt8], to name: String) throws(FileError) {
    let place = try place(of: name)
    let final = PathText.join(path, name)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    let descriptor = unsafe open(FileName.cString(place), flags, 0o666)
    guard descriptor >= 0 else { throw FileError(code: errno, call: "open", path: final) }
    let code = unsafe bytes.withUnsafeBytes { bytes in
      unsafe writeAll(bytes, to: descriptor, isResult: true)
    }
    let isClosed = close(descriptor) == 0
    guard code == nil, isClosed else {
      throw FileError(code: code ?? errno, call: "write", path: final)
    }
  }

  private func makeFolder(_ name: String) throws(FileError) {
    guard !known.contains(name) else { return }
    try makeFolder(PathText.parent(of: name))
    let made = unsafe mkdir(FileName.cString(PathText.join(partialPath, name)), 0o777)
    guard made == 0 || errno == EEXIST else {
      throw FileError(code: errno, call: "mkdir", path: PathText.join(path, name))
    }
    known.insert(name)
  }

  /// Gives the folder its name.
  package func finish() throws(FileError) {
    guard isOpen else { return }
    try Self.refuse(path)
    // An empty folder is replaced.
    guard unsafe rename(FileName.cString(partialPath), FileName.cString(path)) == 0 else {
      throw FileError(code: errno, call: "rename", path: path)
    }
    isOpen = false
  }

  /// Removes the folder with all that was written.
  package func discard() {
    guard isOpen else { return }
    isOpen = false
    try? FileManager.default.removeItem(atPath: partialPath)
  }
}
