public import Pipeline

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// A stream of bytes to standard output, a device or a file that appears only when it is complete.
///
/// A regular file `X` is written as `X.partial`, synced and renamed by `finish()`; what a failed run
/// has written stays in `X.partial`. Standard output, devices and named pipes are written directly.
///
/// SIGPIPE has to be ignored by the program; then a reader that went away is `SinkError.Kind.brokenPipe`.
public final class OutputFile {
  /// The path as given; `-` is standard output.
  public let path: String
  /// Whether a person looks at it.
  public let isTerminal: Bool
  private let descriptor: Int32
  private let partialPath: String?
  private var buffer: [UInt8] = []
  private var isOpen = true

  /// Bytes that are collected before they are handed to the system.
  private static let blockSize = 1 << 16

  /// Opens `path` for writing, or standard output for `-`.
  ///
  /// - Throws: `SinkError` when the file cannot be made.
  public init(_ path: String) throws(SinkError) {
    self.path = path
    if path == "-" {
      descriptor = STDOUT_FILENO
      partialPath = nil
    } else if Self.isWrittenDirectly(path) {
      descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
      partialPath = nil
    } else {
      partialPath = path + ".partial"
      descriptor = unsafe open(path + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw systemError(errno, path: path) }
    isTerminal = isatty(descriptor) == 1
    buffer.reserveCapacity(Self.blockSize)
  }

  deinit {
    if isOpen && descriptor > STDERR_FILENO { close(descriptor) }
  }

  /// Adds bytes; they reach the system in blocks.
  public func write(_ bytes: [UInt8]) throws(SinkError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.blockSize { try flush() }
  }

  /// Hands everything to the system.
  public func flush() throws(SinkError) {
    var start = 0
    // Whatever happens, these bytes are not written a second time.
    defer { buffer.removeAll(keepingCapacity: true) }
    while start < buffer.count {
      let written = systemWrite(buffer[start...], to: descriptor)
      if written >= 0 {
        start += written
      } else if errno == EAGAIN {
        waitUntilWritable()
      } else if errno != EINTR {
        throw systemError(errno, path: path)
      }
    }
  }

  /// Flushes, syncs and gives a regular file its name.
  public func finish() throws(SinkError) {
    guard isOpen else { return }
    try flush()
    guard descriptor > STDERR_FILENO else { return }
    if let partialPath {
      guard fsync(descriptor) == 0 else { throw systemError(errno, path: path) }
      guard unsafe rename(partialPath, path) == 0 else { throw systemError(errno, path: path) }
    }
    isOpen = false
    guard close(descriptor) == 0 else { throw systemError(errno, path: path) }
  }

  /// Standard output may have been left non-blocking by the program that shares it.
  private func waitUntilWritable() {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    unsafe poll(&request, 1, -1)
  }

  private static func isWrittenDirectly(_ path: String) -> Bool {
    if path.hasPrefix("/dev/") { return true }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    let type = status.st_mode & S_IFMT
    return type == S_IFIFO || type == S_IFCHR || type == S_IFBLK || type == S_IFSOCK
  }
}

/// What `write(2)` takes of `bytes`: their number, or -1 with `errno` set.
func systemWrite(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int {
  unsafe bytes.withUnsafeBytes { bytes in
    #if canImport(Darwin)
    unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #else
    unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }
}

/// The error of a system call on `path`, in words.
func systemError(_ code: Int32, path: String) -> SinkError {
  let name = path == "-" ? "standard output" : path
  let reason = unsafe String(cString: strerror(code)).lowercasedFirst
  let remedy =
    switch code {
    case ENOSPC, EDQUOT: "Free some space or choose another place, then run it again."
    case EACCES, EPERM, EROFS: "Choose a place that you may write to."
    case ENOENT, ENOTDIR: "Make the folder first, or choose another place."
    case EISDIR: "It is a folder; name a file in it."
    case EFBIG: "Choose a file system without that limit on the size of a file."
    case EBADF: "Give the program an open output."
    default: "Check the place that it is written to, then run it again."
    }
  return SinkError(
    code == EPIPE ? .brokenPipe : .outputFailed, "\(name): \(reason). \(remedy)")
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
