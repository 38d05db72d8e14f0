#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// A file that appears under its name only when it is complete.
///
/// Bytes go to `X.partial`, which `finish()` syncs and renames. Standard output, devices and named
/// pipes are written in place. Without `finish()`, `X.partial` stays; `discard()` removes it. Use
/// it from one thread at a time.
package final class AtomicFile {
  /// The path as given; `-` is standard output.
  package let path: String
  private let descriptor: Int32
  private let partial: PartialFile?
  private var isOpen = true

  /// Opens `path` for writing, or standard output for `-`.
  package init(_ path: String) throws(FileError) {
    self.path = path
    if path == "-" {
      descriptor = STDOUT_FILENO
      partial = nil
    } else if PartialFile.isSpecial(path) {
      descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
      partial = nil
    } else {
      let partial = PartialFile(path: path)
      descriptor = unsafe open(
        partial.partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
      self.partial = partial
    }
    guard descriptor >= 0 else { throw FileError(code: errno, call: "open", path: path) }
  }

  deinit {
    if isOpen && descriptor > STDERR_FILENO { close(descriptor) }
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
    if let code = unsafe writeAll(bytes, to: descriptor) {
      throw FileError(code: code, call: "write", path: path)
    }
  }

  /// Syncs the file to disk, closes it and gives it its final name.
  ///
  /// `syncs` is false for files that are written by the thousand.
  package func finish(syncs: Bool = true) throws(FileError) {
    guard isOpen, descriptor > STDERR_FILENO else { return }
    if syncs, partial != nil, fsync(descriptor) != 0 { throw failure("fsync") }
    isOpen = false
    // Some file systems report a full disk only here.
    guard close(descriptor) == 0 else { throw failure("close") }
    try partial?.giveFinalName()
  }

  /// Closes the file and removes what was written under the temporary name.
  package func discard() {
    if isOpen && descriptor > STDERR_FILENO { close(descriptor) }
    isOpen = false
    partial?.discard()
  }

  private func failure(_ call: String) -> FileError {
    FileError(code: errno, call: call, path: path)
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

/// Writes all of `bytes` to an open file, pipe or terminal; returns `errno` if that fails, else
/// `nil`.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
  var start = 0
  while start < bytes.count {
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
    let written = unsafe write(descriptor, rest.baseAddress, rest.count)
    if written > 0 {
      start += written
    } else if written < 0, errno == EAGAIN {
      // Another program that shares standard output may have made it non-blocking.
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      unsafe poll(&request, 1, -1)
    } else if written == 0 || errno != EINTR {
      return written == 0 ? EIO : errno
    }
  }
  return nil
}
