#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A file that is being written under a temporary name.
package struct AtomicFile: ~Copyable {
  fileprivate let descriptor: Int32
  fileprivate let path: String

  deinit { _ = close(descriptor) }

  /// Appends `bytes`.
  package borrowing func append(_ bytes: [UInt8]) throws(SafetensorsError) {
    var done = 0
    while done < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      }
      if written < 0 && errno == EINTR { continue }
      guard written >= 0 else { throw writeFailure(path, errno) }
      done += written
    }
  }
}

/// Writes a file under a temporary name beside `path`, syncs it to the disk and renames it to
/// `path`.
///
/// If anything fails, the temporary file is removed and an existing file at `path` is left as it
/// was.
package func writeAtomically(
  to path: String, _ body: (borrowing AtomicFile) throws(SafetensorsError) -> Void
) throws(SafetensorsError) {
  let temporary = "\(path).\(getpid()).partial"
  let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw writeFailure(path, errno) }
  do throws(SafetensorsError) {
    let file = AtomicFile(descriptor: descriptor, path: path)
    try body(file)
    guard fsync(file.descriptor) == 0 else { throw writeFailure(path, errno) }
  } catch {
    _ = unsafe unlink(temporary)
    throw error
  }
  guard unsafe rename(temporary, path) == 0 else {
    let failure = writeFailure(path, errno)
    _ = unsafe unlink(temporary)
    throw failure
  }
}

private func writeFailure(_ path: String, _ code: Int32) -> SafetensorsError {
  if code == ENOSPC || code == EDQUOT {
    return SafetensorsError(
      .diskFull, path: path, message: "The disk is full.", remedy: "Free some space and try again.")
  }
  return SafetensorsError(
    .writeFailed, path: path, message: "The file cannot be written: \(systemMessage(code)).",
    remedy: "Check that the folder exists and is writable.")
}
