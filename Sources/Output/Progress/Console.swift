internal import Support

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// Standard error, shared by messages and a status line that stays below them on a terminal.
///
/// Failures to write are ignored: there is nowhere else to report them.
public final class Console: Sendable {
  /// The program's standard error.
  public static let standardError = Console(descriptor: STDERR_FILENO)

  /// Whether it is a terminal.
  public let isTerminal: Bool
  private let descriptor: Int32
  private let status = Locked("")

  init(descriptor: Int32) {
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1
  }

  /// Writes a whole line above the status line.
  public func writeLine(_ line: String) {
    status.withLock { status in
      let redrawn = status.isEmpty ? "" : status
      write((status.isEmpty ? "" : Self.clear) + line + "\n" + redrawn)
    }
  }

  /// Replaces the status line, cut to the width of the terminal; an empty text removes it.
  public func setStatus(_ text: String) {
    guard isTerminal else { return }
    let line = String(text.prefix(columns - 1))
    status.withLock { status in
      guard status != line else { return }
      write(Self.clear + line)
      status = line
    }
  }

  /// To the start of the line, and delete to its end (ECMA-48, EL).
  private static let clear = "\r\u{1B}[K"

  private var columns: Int {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
    return Int(size.ws_col)
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe writeAll($0, to: descriptor) }
  }
}
