internal import Foundation
internal import Support

/// Reads a file, a pipe or standard input line by line, in bounded memory.
package final class LineInput {
  /// The path as given; `-` is standard input.
  package let path: String
  /// The number of the last line, from 1.
  package private(set) var lineNumber = 0
  /// Whether the last line has no line end, as one that is cut off or still being written.
  package private(set) var isLastUnfinished = false
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Where the next line begins in `buffer`.
  private var start = 0
  private var isAtEnd = false

  /// The longest line: what is longer isn't a record.
  static let longest = 64 << 20

  /// Opens a file, or standard input for `-`.
  ///
  /// - Throws: `AnnotationError` if it cannot be read.
  package init(_ path: String) throws(AnnotationError) {
    self.path = path
    guard path != "-" else {
      descriptor = STDIN_FILENO
      return
    }
    descriptor = unsafe open(FileName.cString(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno) }
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// Reads the next line.
  ///
  /// - Parameters:
  ///   - isStopped: Asked again and again while the input has nothing to read.
  ///   - beforeWaiting: Called when what was read so far has no further whole line.
  /// - Returns: The line without its end; `nil` at the end, or once `isStopped` holds.
  /// - Throws: `AnnotationError` if reading fails or a line is too long.
  package func next(
    isStopped: () -> Bool, beforeWaiting: () throws -> Void
  ) throws -> [UInt8]? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        lineNumber += 1
        return Array(buffer[start..<end])
      }
      if isAtEnd {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        lineNumber += 1
        isLastUnfinished = true
        return Array(buffer[start...])
      }
      buffer.removeFirst(start)
      start = 0
      searched = buffer.count
      guard buffer.count <= Self.longest else {
        throw AnnotationError(
          path: "\(path):\(lineNumber + 1)", message: "The line is too long for JSON lines.",
          remedy: "Check that it is the right file.")
      }
      try beforeWaiting()
      while !isReadable() {
        if isStopped() { return nil }
      }
      try read()
    }
  }

  /// Waits a moment for something to read; ends, errors and files count as that, and a signal
  /// doesn't: a read would wait without end.
  private func isReadable() -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let count = unsafe poll(&request, 1, 200)
    return count > 0 || (count < 0 && errno != EINTR)
  }

  private func read() throws(AnnotationError) {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe block.withUnsafeMutableBytes { bytes in
      unsafe Foundation.read(descriptor, bytes.baseAddress, bytes.count)
    }
    if count < 0 {
      if errno == EINTR || errno == EAGAIN { return }
      throw failure(errno)
    }
    if count == 0 { isAtEnd = true }
    buffer += block[..<count]
  }

  private func failure(_ code: Int32) -> AnnotationError {
    let error = FileError(code: code, call: "read", path: path)
    return AnnotationError(
      path: path == "-" ? "standard input" : path, message: "\(error.reason).",
      remedy: "Check its path, and that you may read it.")
  }
}
