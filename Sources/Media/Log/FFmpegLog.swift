internal import Support
import CFFmpeg
public import Logging

/// Redirects the messages of FFmpeg's libraries to the program's own log.
///
/// Secrets are removed from addresses, and a message that repeats is written once with a count.
/// FFmpeg's errors become warnings, because reading goes on; its warnings become debug messages.
public enum FFmpegLog {
  /// Sends all messages to `logger` from now on, as far as its log level allows.
  public static func install(logger: Logger) {
    state.withLock { $0 = LogState(logger: logger) }
    av_log_set_level(ffmpegLevel(for: logger.logLevel))
    unsafe av_log_set_callback { context, level, format, arguments in
      // The upper bits select a colour.
      let level = QuietThread.isCurrent ? max(level & 0xFF, AV_LOG_INFO) : level & 0xFF
      guard level <= av_log_get_level(), let format = unsafe format,
        let arguments = unsafe arguments
      else { return }
      let (logger, lines) = state.withLock { state in
        unsafe (state?.logger, state?.take(context, level, format, arguments) ?? [])
      }
      FFmpegLog.emit(lines, to: logger)
    }
  }

  /// Writes the counts of repeated messages that are still held back; call it at the end of a run.
  public static func flush() {
    let (logger, lines) = state.withLock { state in
      (state?.logger, state?.limiter.flush() ?? [])
    }
    emit(lines, to: logger)
  }

  private static func emit(_ lines: [LogLimiter.Line], to logger: Logger?) {
    for line in lines {
      logger?.log(level: swiftLevel(for: line.level), "\(line.text)", source: "ffmpeg")
    }
  }

  private static func ffmpegLevel(for level: Logger.Level) -> Int32 {
    switch level {
    case .trace: AV_LOG_DEBUG
    case .debug: AV_LOG_INFO
    case .info, .notice, .warning: AV_LOG_ERROR
    case .error: AV_LOG_FATAL
    case .critical: AV_LOG_QUIET
    }
  }

  private static func swiftLevel(for level: Int32) -> Logger.Level {
    switch level {
    case ...AV_LOG_FATAL: .error
    case ...AV_LOG_ERROR: .warning
    case ...AV_LOG_INFO: .debug
    default: .trace
    }
  }
}

/// Decoder threads log concurrently, so one lock guards everything that a message needs.
private let state = Locked<LogState?>(nil)

struct LogState {
  var logger: Logger
  var limiter = LogLimiter()
  /// The start of a line that FFmpeg hasn't finished yet.
  private var pending = ""

  init(logger: Logger) { self.logger = logger }

  /// Adds a message and returns the lines to write now.
  mutating func take(
    _ context: UnsafeMutableRawPointer?, _ level: Int32, _ format: UnsafePointer<CChar>,
    _ arguments: CVaListPointer
  ) -> [LogLimiter.Line] {
    var line = [CChar](repeating: 0, count: 1024)
    // Only the first part of a line gets a prefix.
    var printsPrefix: Int32 = pending.isEmpty ? 1 : 0
    unsafe av_log_format_line2(
      context, level, format, arguments, &line, Int32(line.count), &printsPrefix)
    let text = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return take(text, level: level, now: Double(av_gettime_relative()) / 1e6)
  }

  /// Adds `text`, which may be a part of a line, and returns the lines to write now.
  mutating func take(_ text: String, level: Int32, now: Double) -> [LogLimiter.Line] {
    pending += text
    guard pending.last?.isNewline == true || pending.utf8.count > 2048 else { return [] }
    defer { pending = "" }
    return pending.split(whereSeparator: \.isNewline).flatMap { line in
      let text = redactedText(Self.withoutAddresses(line))
      return limiter.admit(LogLimiter.Line(text: text, level: level), now: now)
    }
  }

  /// `[h264 @ 0x55d0] text` as `h264: text`; a message may have two such prefixes.
  private static func withoutAddresses(_ line: Substring) -> String {
    guard line.first == "[", let at = line.firstRange(of: " @ 0x"),
      let end = line[at.upperBound...].firstIndex(of: "]")
    else { return String(line) }
    let rest = line[line.index(after: end)...].drop { $0 == " " }
    let name = line[..<at.lowerBound].dropFirst()
    // FFmpeg prints "NULL" for a decoder that it hasn't named yet.
    return (name == "NULL" ? "" : name + ": ") + withoutAddresses(rest)
  }
}
