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
/// pipes are written in place. Without `finish()`, `X.partial` stays; `discard()` removes it. For one
/// thread at a time.
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

  /// Appends `bytes`, all of them.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    let bytes = bytes.span
    try unsafe bytes.withUnsafeBytes { (bytes) throws(FileError) in unsafe try write(bytes) }
  }

  /// Appends `bytes`, all of them.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    if let code = unsafe writeAll(bytes, to: descriptor) {
      throw FileError(code: code, call: "write", path: path)
    }
  }

  /// Closes the file and gives it its name, once it is on the disk.
  ///
  /// Without `syncs` the file isn't waited for: for those that come by the thousand.
  package func finish(syncs: Bool = true) throws(FileError) {
    guard isOpen, descriptor > STDERR_FILENO else { return }
    if syncs, partial != nil, fsync(descriptor) != 0 { throw failure("fsync") }
    isOpen = false
    // Some file systems say only here that the disk is full.
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
/// Where anything fails, nothing is left of it and what was at `path` stays. A failed system call is
/// thrown as what `failure` makes of it.
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

/// Writes all of `bytes` to an open file, pipe or terminal; the result is the system's number for a
/// failure, or `nil`.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
  var start = 0
  while start < bytes.count {
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
    let written = unsafe write(descriptor, rest.baseAddress, rest.count)
    if written > 0 {
      start += written
    } else if written < 0, errno == EAGAIN {
      // Standard output may have been left non-blocking by the program that shares it.
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      unsafe poll(&request, 1, -1)
    } else if written == 0 || errno != EINTR {
      return written == 0 ? EIO : errno
    }
  }
  return nil
}
