public import Pipeline
internal import Support

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// A byte stream to standard output, a device, or a file that appears only when it is complete.
///
/// A regular file `X` is written as `X.partial`, synced and renamed by `finish()`; what a failed
/// run has written stays in `X.partial`. Standard output, devices and named pipes are written in
/// place.
///
/// The program has to ignore SIGPIPE; writing to a reader that has gone then throws
/// `SinkError.Kind.brokenPipe`.
public final class OutputFile {
  /// The path as given; `-` is standard output.
  public var path: String { file.path }
  /// Whether it is a terminal.
  public let isTerminal: Bool
  private let file: AtomicFile
  private var buffer: [UInt8] = []

  /// How many bytes are collected before they are written.
  private static let blockSize = 1 << 16

  /// Opens `path` for writing, or standard output for `-`.
  ///
  /// - Throws: `SinkError` when the file cannot be created.
  public init(_ path: String) throws(SinkError) {
    do { file = try AtomicFile(path) } catch { throw SinkError(error) }
    isTerminal = file.isTerminal
    buffer.reserveCapacity(Self.blockSize)
  }

  /// Adds bytes; they are written in blocks.
  public func write(_ bytes: [UInt8]) throws(SinkError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.blockSize { try flush() }
  }

  /// Writes everything that was collected.
  public func flush() throws(SinkError) {
    // Also after a failure, so that no byte is written twice.
    defer { buffer.removeAll(keepingCapacity: true) }
    do { try file.write(buffer) } catch { throw SinkError(error) }
  }

  /// Flushes, syncs, and gives a regular file its name.
  public func finish() throws(SinkError) {
    try flush()
    do { try file.finish() } catch { throw SinkError(error) }
  }
}

extension SinkError {
  /// The error for a failed system call on an output.
  init(_ failure: FileError) {
    let name = failure.path == "-" ? "standard output" : failure.path
    let remedy =
      switch failure.code {
      case ENOSPC, EDQUOT: "Free some space or choose another place, then run it again."
      case EACCES, EPERM, EROFS: "Choose a place that you may write to."
      case ENOENT, ENOTDIR: "Create the folder first, or choose another place."
      case EISDIR: "It is a folder; name a file in it."
      case EFBIG: "Choose a file system without that limit on the size of a file."
      case EBADF: "Give the program an open output."
      default: "Check the place that it is written to, then run it again."
      }
    self.init(
      failure.code == EPIPE ? .brokenPipe : .outputFailed,
      "\(name): \(failure.reason.lowercasedFirst). \(remedy)")
  }
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
