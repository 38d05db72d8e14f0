internal import Foundation

/// A file that appears under its name only when it is complete.
///
/// Bytes go to a `PartialFile`, which `finish()` syncs and renames. Standard output and other open
/// descriptors (`-`, `/dev/fd/3`), devices and named pipes are written in place. Without
/// `finish()` what was written stays under the temporary name; `discard()` removes it. Use it from
/// one thread at a time.
package final class AtomicFile {
  /// The path as given; `-` is standard output.
  package let path: String
  private let descriptor: Int32
  private let partial: PartialFile?
  private var isOpen = true

  /// Opens `path` for writing, or standard output for `-`.
  ///
  /// `claims` is false for files that are written by the thousand: then two runs may write one, of
  /// which the later stays.
  package init(_ path: String, claims: Bool = true) throws(FileError) {
    self.path = path
    if let number = OpenDescriptor.number(ofOutput: path) {
      // A descriptor of its own, since one that is closed may be another file's later.
      descriptor = fcntl(number, F_DUPFD_CLOEXEC, 0)
      partial = nil
    } else if PartialFile.isSpecial(path) {
      descriptor = unsafe open(FileName.cString(path), O_WRONLY | O_CLOEXEC)
      partial = nil
    } else {
      let partial =
        if let claimed = OutputReservation.take(path) { claimed } else {
          try PartialFile(path, claims: claims)
        }
      descriptor = partial.descriptor
      self.partial = partial
    }
    guard descriptor >= 0 else { throw FileError(code: errno, call: "open", path: path) }
  }

  deinit {
    if isOpen && partial == nil { close(descriptor) }
  }

  /// Whether the output is a terminal.
  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Appends all of `bytes`.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    let bytes = bytes.span
    try unsafe bytes.withUnsafeBytes { (bytes) throws(FileError) in unsafe try write(bytes) }
  }

  /// Appends all of `bytes`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    if let code = unsafe writeAll(bytes, to: descriptor, isResult: true) {
      throw FileError(code: code, call: "write", path: path)
    }
  }

  /// Syncs the file and its folder to disk, and gives it its final name.
  ///
  /// `syncs` is false for files that are written by the thousand.
  package func finish(syncs: Bool = true) throws(FileError) {
    guard isOpen else { return }
    if let partial {
      try partial.commit(syncs: syncs)
      isOpen = false
    } else {
      isOpen = false
      guard close(descriptor) == 0 else { throw FileError(code: errno, call: "close", path: path) }
    }
  }

  /// Closes the file and removes what was written under the temporary name.
  package func discard() {
    if isOpen && partial == nil { close(descriptor) }
    isOpen = false
    partial?.discard()
  }
}

/// Writes a file that appears at `path` only when `body` has written all of it.
///
/// If anything fails, the temporary file is removed and an existing file at `path` is kept.
/// `failure` converts the error of a failed system call into the one that is thrown.
package func writeAtomically<Failure: Error>(
  to path: String, failure: (FileError) -> Failure,
  _ body: (AtomicFile) throws(Failure) -> Void
) throws(Failure) {
  let file: AtomicFile
  do { file = try AtomicFile(path) } catch { throw failure(error) }
  do {
    try body(file)
  } catch {
    file.discard()
    throw error
  }
  do {
    try file.finish()
  } catch {
    file.discard()
    throw failure(error)
  }
}
