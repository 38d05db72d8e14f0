internal import Foundation
public import Pipeline
package import Support

/// A byte stream to standard output, a device, or a file.
///
/// A regular file appears only when it is complete: it is written under a temporary name, synced
/// and renamed by `finish()`; what a failed run has written stays under the temporary name. Or it
/// grows under its own name, and lines are appended to it. Standard output, devices and named pipes
/// are written in place.
///
/// The program has to ignore SIGPIPE and SIGXFSZ. Writing to a standard output whose reader has
/// gone then throws `SinkError.Kind.brokenPipe`, and writing to any other pipe `outputFailed`.
public final class OutputFile {
  /// How a regular file is written.
  public enum Mode: Sendable {
    /// Anew, in place of an earlier one.
    case replacing
    /// After what is there.
    case appending
  }

  private enum File {
    case atomic(AtomicFile)
    case appended(AppendedFile)
    case owned(([UInt8]) throws(FileError) -> Void)
  }

  /// The path as given; `-` is standard output.
  public let path: String
  /// Whether it is a terminal.
  public let isTerminal: Bool
  private let file: File
  private var buffer: [UInt8] = []

  /// How many bytes are collected before they are written.
  private static let blockSize = 1 << 16

  /// Opens `path` for writing, or standard output for `-`.
  ///
  /// - Throws: `SinkError` when the file cannot be created, `refused` if another process writes it.
  public init(_ path: String, mode: Mode = .replacing) throws(SinkError) {
    self.path = path
    do {
      if mode == .appending && isRegularOutput(path) {
        // What is put aside stays beside the file that a link leads to.
        file = .appended(try AppendedFile(resolvedPath(path)))
        isTerminal = false
      } else {
        let atomic = try AtomicFile(path)
        file = .atomic(atomic)
        isTerminal = atomic.isTerminal
      }
    } catch { throw SinkError(error) }
    buffer.reserveCapacity(Self.blockSize)
  }

  /// Collects bytes for a file that the caller has opened, gives its name and closes.
  package init(ownedAs path: String, write: @escaping ([UInt8]) throws(FileError) -> Void) {
    self.path = path
    isTerminal = false
    file = .owned(write)
    buffer.reserveCapacity(Self.blockSize)
  }

  /// Adds bytes, whole lines; they are written in blocks.
  public func write(_ bytes: [UInt8]) throws(SinkError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.blockSize { try flush() }
  }

  /// Writes everything that was collected.
  public func flush() throws(SinkError) {
    // Also after a failure, so that no byte is written twice.
    defer { buffer.removeAll(keepingCapacity: true) }
    guard !buffer.isEmpty else { return }
    do {
      switch file {
      case .atomic(let file): try file.write(buffer)
      case .appended(let file): try file.write(buffer)
      case .owned(let write): try write(buffer)
      }
    } catch { throw SinkError(error) }
  }

  /// Flushes, syncs, and gives a regular file its name.
  public func finish() throws(SinkError) {
    try flush()
    do {
      switch file {
      case .atomic(let file): try file.finish()
      case .appended(let file): try file.finish()
      case .owned: break
      }
    } catch { throw SinkError(error) }
  }

  /// How many bytes a file that is appended to has, with those that were collected; `nil` for
  /// others.
  var size: Int? {
    guard case .appended(let file) = file else { return nil }
    return file.size + buffer.count
  }

  /// When the file that is appended to was begun; `nil` for others.
  var begun: Date? {
    guard case .appended(let file) = file else { return nil }
    return file.begun
  }

  /// Moves the file that is appended to away, to the first of the names that is free, and begins a
  /// new one.
  func rotate(
    to names: (_ path: String, _ begun: Date) -> some Sequence<String>
  ) throws(SinkError) {
    guard case .appended(let file) = file else { return }
    try flush()
    do { try file.rotate(to: names(file.path, file.begun)) } catch { throw SinkError(error) }
  }
}

/// Whether results at `path` become a file of their own, rather than a stream to a device, a pipe
/// or a descriptor that the process already has.
public func isRegularOutput(_ path: String) -> Bool {
  OpenDescriptor.number(ofOutput: path) == nil && !PartialFile.isSpecial(path)
}

/// Whether `path` is standard output, by any of its names.
public func isStandardOutput(_ path: String) -> Bool { OpenDescriptor.isStandardOutput(path) }

/// Claims a file that one command will write at its end.
///
/// - Throws: `SinkError` if it can't be made, `refused` if another process writes it.
public func claimOutput(_ path: String) throws(SinkError) {
  do { try OutputReservation.claim(path) } catch { throw SinkError(error) }
}

extension SinkError {
  /// The error for a failed system call on an output.
  package init(_ failure: FileError) {
    let name = failure.path == "-" ? "standard output" : failure.path
    let remedy =
      switch failure.code {
      case _ where failure.isInUse: "Wait for its end, or choose another name."
      case _ where failure.isNotLines: "Name another file, or leave out --append."
      case _ where failure.isTimedOut: "Check the drive and its network, then run it again."
      case EPIPE: "Its reader has gone; start it again."
      case ENOSPC, EDQUOT: "Free some space or choose another place, then run it again."
      case EACCES, EPERM, EROFS: "Choose a place that you may write to."
      case ENOENT, ENOTDIR: "Create the folder first, or choose another place."
      case EISDIR: "It is a folder; name a file in it."
      case EFBIG: "Raise the limit on the size of files (ulimit -f), or choose another place."
      case ENOTEMPTY, EEXIST: "There is something else there; name a new or an empty folder."
      case EBADF: "Give the program an open output."
      default: "Check the place that it is written to, then run it again."
      }
    let kind: Kind =
      switch failure.code {
      case _ where failure.isInUse || failure.isNotLines: .refused
      case ENOTEMPTY: .refused
      case EPIPE where isStandardOutput(failure.path): .brokenPipe
      default: .outputFailed
      }
    self.init(kind, "\(name): \(failure.reason.lowercasedFirst). \(remedy)")
  }
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
