import CFFmpeg
internal import Foundation
internal import Support
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
    isListening.withLock { $0 = true }
    unsafe av_log_set_callback(receive)
  }

  /// Writes the counts of repeated messages that are still held back; call it at the end of a run.
  ///
  /// Logged for debugging only: what was wrong has been said.
  public static func flush() {
    let (logger, lines) = state.withLock { ($0.logger, $0.limiter.flush()) }
    for line in lines { logger?.debug("\(line.text)", source: "ffmpeg") }
  }

  /// Keeps the errors and warnings that FFmpeg reports on this thread, until `endRecording()`.
  ///
  /// A code such as `EIO` stands for many failures; what FFmpeg prints says which. Where no logger
  /// is installed, messages go to standard error, as FFmpeg sends them by itself. FFmpeg has one
  /// callback for the whole process, and it is replaced by this one.
  static func beginRecording() {
    isListening.withLock { isListening in
      if !isListening { unsafe av_log_set_callback(receive) }
      isListening = true
    }
    state.withLock { $0.beginRecording() }
  }

  /// The last errors and warnings since `beginRecording()`, secrets removed.
  static func endRecording() -> [String] { state.withLock { $0.endRecording() } }

  fileprivate static func emit(_ lines: [LogLimiter.Line], to logger: Logger?) {
    for line in lines {
      guard let logger else {
        let text = Array((UnsafeText.escaped(line.text) + "\n").utf8)
        _ = unsafe text.withUnsafeBytes { unsafe writeAll($0, to: STDERR_FILENO) }
        continue
      }
      logger.log(level: swiftLevel(for: line.level), "\(line.text)", source: "ffmpeg")
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
private let state = Locked(LogState(logger: nil))
/// Whether FFmpeg calls `receive`.
private let isListening = Locked(false)

/// FFmpeg's log callback.
private func receive(
  _ context: UnsafeMutableRawPointer?, _ level: Int32, _ format: UnsafePointer<CChar>?,
  _ arguments: CVaListPointer?
) {
  // FFmpeg prints what failed before it reads what the system's call left there.
  let cause = errno
  defer { errno = cause }
  // The upper bits select a colour.
  let level = level & 0xFF
  unsafe DamageLog.note(context, level, format)
  guard let format = unsafe format, let arguments = unsafe arguments else { return }
  let isQuiet = QuietThread.isCurrent
  let isShown = (isQuiet ? max(level, AV_LOG_INFO) : level) <= av_log_get_level()
  guard isShown || level <= LogState.recordedLevel else { return }
  let (logger, lines) = state.withLock { state in
    let lines = unsafe state.take(
      context, level, format, arguments, isShown: isShown, isQuiet: isQuiet)
    return (state.logger, lines)
  }
  FFmpegLog.emit(lines, to: logger)
}
