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
/// The file is read once when it is opened; processes share its pages. As with every mapping, a
/// file that another process truncates while it is mapped ends this process with SIGBUS. A file
/// that is replaced by renaming, as `writeAtomically` does, stays intact for those that have it
/// mapped; editing a model in place while it is in use is not supported.
@safe
package final class MappedFile: @unchecked Sendable {
  // Sendable because the pages are never written.
  private let bytes: UnsafeRawBufferPointer
  /// What is unmapped when nothing refers to it.
  private let pages: Pages?

  /// The path as it was given.
  package let path: String

  /// Size in bytes, never zero.
  package var byteCount: Int { unsafe bytes.count }

  /// Maps the file at `path`.
  ///
  /// - Throws: ``SafetensorsError`` if it is missing, unreadable, empty or not a regular file.
  package init(path: String) throws(SafetensorsError) {
    self.path = path
    let pages: Pages
    do throws(FileError) {
      pages = try DiskCall.run("open", path) { work throws(FileError) in try Pages(path, work) }
    } catch {
      throw SafetensorsError(reading: error)
    }
    guard pages.isRegular else {
      throw SafetensorsError(
        .notAFile, path: path, message: "This is not a regular file.",
        remedy: "Give the path of a file instead.")
    }
    guard let bytes = unsafe pages.bytes else {
      throw SafetensorsError(
        .empty, path: path, message: "The file is empty.",
        remedy: "Download it or create it again.")
    }
    unsafe self.bytes = bytes
    self.pages = pages
  }

  /// Treats bytes that are part of the program as a file called `name`.
  ///
  /// - Precondition: `bytes` is not empty, and stays valid and unchanged for the life of the
  ///   process.
  package init(constant bytes: UnsafeRawBufferPointer, name: String) {
    precondition(unsafe !bytes.isEmpty, "\(name) has no bytes")
    path = name
    unsafe self.bytes = bytes
    pages = nil
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

/// A file that is mapped.
@safe
private final class Pages: @unchecked Sendable {
  // Sendable because neither it nor the pages change.
  let isRegular: Bool
  /// `nil` for an empty file, and for what is none.
  let bytes: UnsafeRawBufferPointer?

  init(_ path: String, _ work: DiskWork) throws(FileError) {
    func failure(_ call: String) -> FileError { FileError(code: errno, call: call, path: path) }
    let descriptor = unsafe open(FileName.cString(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("open") }
    defer { _ = close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw failure("fstat") }
    isRegular = status.st_mode & S_IFMT == S_IFREG
    guard isRegular, status.st_size > 0 else {
      unsafe bytes = nil
      return
    }
    let size = Int(status.st_size)
    try Self.read(descriptor, size, path, work)
    let mapping = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else { throw failure("mmap") }
    unsafe bytes = UnsafeRawBufferPointer(start: mapping, count: size)
  }

  deinit {
    guard let bytes = unsafe bytes else { return }
    unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }

  /// Has the system hold the whole file: a page that is touched later and has to be fetched from a
  /// drive that doesn't answer would stop its thread for good.
  private static func read(
    _ descriptor: Int32, _ size: Int, _ path: String, _ work: DiskWork
  ) throws(FileError) {
    var block = [UInt8](repeating: 0, count: min(size, 1 << 18))
    var offset = 0
    while offset < size {
      work.goOn()
      let count = unsafe block.withUnsafeMutableBytes { block in
        unsafe pread(descriptor, block.baseAddress, block.count, off_t(offset))
      }
      if count == 0 { return }
      if count > 0 {
        offset += count
      } else if errno != EINTR {
        throw FileError(code: errno, call: "read", path: path)
      }
    }
  }
}

extension SafetensorsError {
  /// The error for a file that could not be read.
  fileprivate init(reading failure: FileError) {
    let (code, message, remedy): (Code, String, String) =
      switch failure.code {
      case ENOENT, ENOTDIR: (.notFound, "The file does not exist.", "Check the path.")
      case ETIMEDOUT:
        (.timedOut, "\(failure.reason).", "Check the drive and its network, then run it again.")
      default:
        (.unreadable, "The file cannot be read: \(failure.reason).", "Check its permissions.")
      }
    self.init(code, path: failure.path, message: message, remedy: remedy)
  }
}

/// The system's message for an `errno`.
package func systemMessage(_ code: Int32) -> String {
  guard let message = unsafe strerror(code) else { return "error \(code)" }
  return unsafe String(cString: message)
}
