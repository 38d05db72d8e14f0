internal import Support
import CFFmpeg
public import Logging

/// What FFmpeg's libraries print, led into the program's own log.
///
/// Addresses lose their secrets, and a message that comes again and again is written once with the
/// number of times. What FFmpeg calls an error is a warning here, since the reading goes on; what it
/// calls a warning is for debugging.
public enum FFmpegLog {
  /// Sends all messages to `logger` from now on, as far as its level lets them through.
  public static func install(logger: Logger) {
    state.withLock { $0 = LogState(logger: logger) }
    av_log_set_level(ffmpegLevel(for: logger.logLevel))
    unsafe av_log_set_callback { context, level, format, arguments in
      // The upper bits ask for a colour.
      let level = level & 0xFF
      guard level <= av_log_get_level(), let format = unsafe format,
        let arguments = unsafe arguments
      else { return }
      let (logger, lines) = state.withLock { state in
        unsafe (state?.logger, state?.take(context, level, format, arguments) ?? [])
      }
      FFmpegLog.emit(lines, to: logger)
    }
  }

  /// Writes what is held back as repeated; for the end of a run.
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

/// Decoder threads write at the same time, so everything that a message needs is behind one lock.
private let state = Locked<LogState?>(nil)

struct LogState {
  var logger: Logger
  var limiter = LogLimiter()
  /// A line that FFmpeg has begun and not ended.
  private var pending = ""

  init(logger: Logger) { self.logger = logger }

  /// The lines to write once this message has come.
  mutating func take(
    _ context: UnsafeMutableRawPointer?, _ level: Int32, _ format: UnsafePointer<CChar>,
    _ arguments: CVaListPointer
  ) -> [LogLimiter.Line] {
    var line = [CChar](repeating: 0, count: 1024)
    // A line that goes on has its prefix already.
    var printsPrefix: Int32 = pending.isEmpty ? 1 : 0
    unsafe av_log_format_line2(
      context, level, format, arguments, &line, Int32(line.count), &printsPrefix)
    let text = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return take(text, level: level, now: Double(av_gettime_relative()) / 1e6)
  }

  /// The lines to write once `text`, which may be a part of a line, has come.
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
    // What FFmpeg calls a decoder that it has not named yet.
    return (name == "NULL" ? "" : name + ": ") + withoutAddresses(rest)
  }
}
