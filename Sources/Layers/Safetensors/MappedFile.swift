#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif
internal import Support

/// A whole file as read-only memory.
///
/// Pages are read when they are touched, so opening costs nothing and processes share them. As with
/// every mapping, a file that another process truncates while it is mapped ends this process with
/// SIGBUS. A file that is replaced by renaming, as `writeAtomically` does, stays intact for those
/// that have it mapped; editing a model in place while it is in use is not supported.
@safe
package final class MappedFile: @unchecked Sendable {
  // Sendable because the pages are never written, and are unmapped only when nothing refers to
  // them.
  private let bytes: UnsafeRawBufferPointer
  /// Whether `deinit` has something to unmap.
  private let isMapped: Bool

  /// The path as it was given.
  package let path: String

  /// Size in bytes, never zero.
  package var byteCount: Int { unsafe bytes.count }

  /// Maps the file at `path`.
  ///
  /// - Throws: ``SafetensorsError`` if it is missing, unreadable, empty or not a regular file.
  package init(path: String) throws(SafetensorsError) {
    self.path = path
    let descriptor = unsafe open(FileName.cString(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw openFailure(path, errno) }
    defer { _ = close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw openFailure(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw SafetensorsError(
        .notAFile, path: path, message: "This is not a regular file.",
        remedy: "Give the path of a file instead.")
    }
    guard status.st_size > 0 else {
      throw SafetensorsError(
        .empty, path: path, message: "The file is empty.",
        remedy: "Download it or create it again.")
    }
    let size = Int(status.st_size)
    let mapping = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else {
      throw openFailure(path, errno)
    }
    unsafe bytes = UnsafeRawBufferPointer(start: mapping, count: size)
    isMapped = true
  }

  /// Treats bytes that are part of the program as a file called `name`.
  ///
  /// - Precondition: `bytes` is not empty, and stays valid and unchanged for the life of the
  ///   process.
  package init(constant bytes: UnsafeRawBufferPointer, name: String) {
    precondition(unsafe !bytes.isEmpty, "\(name) has no bytes")
    path = name
    unsafe self.bytes = bytes
    isMapped = false
  }

  deinit {
    guard isMapped else { return }
    unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }

  /// Lends `range` of the file.
  ///
  /// - Precondition: `range` lies inside the file.
  package func withBytes<Result, Failure: Error>(
    in range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= byteCount, "bytes \(range) are outside \(path)")
    return try body(unsafe bytes.bytes.extracting(range))
  }

  /// Returns the pages from byte `start` on to the system, which reads them again if they are
  /// touched.
  ///
  /// For files that are no longer needed: pages that are mapped in count as this process's memory.
  package func releasePages(from start: Int) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    guard page > 0, let base = unsafe bytes.baseAddress else { return }
    let first = unsafe (base + min(start, bytes.count)).alignedUp(toMultipleOf: page)
    let end = unsafe (base + bytes.count).alignedDown(toMultipleOf: page)
    guard unsafe first < end else { return }
    // Only a hint. The pages are never written, so nothing is lost.
    _ = unsafe madvise(UnsafeMutableRawPointer(mutating: first), end - first, MADV_DONTNEED)
  }

  /// Copies `range` of the file.
  ///
  /// - Precondition: `range` lies inside the file.
  package func copy(_ range: Range<Int>) -> [UInt8] {
    withBytes(in: range) { span in unsafe span.withUnsafeBytes { unsafe [UInt8]($0) } }
  }
}

private func openFailure(_ path: String, _ code: Int32) -> SafetensorsError {
  if code == ENOENT || code == ENOTDIR {
    return SafetensorsError(
      .notFound, path: path, message: "The file does not exist.", remedy: "Check the path.")
  }
  return SafetensorsError(
    .unreadable, path: path, message: "The file cannot be read: \(systemMessage(code)).",
    remedy: "Check its permissions.")
}

/// The system's message for an `errno`.
package func systemMessage(_ code: Int32) -> String {
  guard let message = unsafe strerror(code) else { return "error \(code)" }
  return unsafe String(cString: message)
}
