import CFFmpeg
internal import Foundation
internal import Logging

/// What FFmpeg's messages become, and what has to be known for that.
struct LogState {
  var logger: Logger?
  var limiter = LogLimiter()
  /// The starts of lines that FFmpeg hasn't finished yet, one for each thread: two threads may each
  /// be in the middle of a line.
  private var pending: [UInt: String] = [:]
  /// The errors and warnings of the threads that want to know them.
  private var recordings: [UInt: [String]] = [:]

  /// More threads than this in the middle of a line: one of them has ended there.
  private static let mostPending = 64
  /// The last errors that are kept of one recording.
  private static let mostRecorded = 20

  /// The least important messages that are recorded: HTTP's answers are warnings.
  static let recordedLevel = AV_LOG_WARNING

  init(logger: Logger?) { self.logger = logger }

  /// Keeps the errors of this thread from now on.
  mutating func beginRecording(thread: UInt = currentThread()) { recordings[thread] = [] }

  /// The errors of this thread, which aren't kept any longer.
  mutating func endRecording(thread: UInt = currentThread()) -> [String] {
    recordings.removeValue(forKey: thread) ?? []
  }

  /// Adds a message and returns the lines to write now.
  mutating func take(
    _ context: UnsafeMutableRawPointer?, _ level: Int32, _ format: UnsafePointer<CChar>,
    _ arguments: CVaListPointer, isShown: Bool, isQuiet: Bool
  ) -> [LogLimiter.Line] {
    guard isShown || recordings[currentThread()] != nil else { return [] }
    var line = [CChar](repeating: 0, count: 8192)
    // Only the first part of a line gets a prefix.
    var printsPrefix: Int32 = pending[currentThread()] == nil ? 1 : 0
    unsafe av_log_format_line2(
      context, level, format, arguments, &line, Int32(line.count), &printsPrefix)
    let text = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let now = Double(av_gettime_relative()) / 1e6
    return take(text, level: level, isShown: isShown, isQuiet: isQuiet, now: now)
  }

  /// Adds `text`, which may be a part of a line, and returns the lines to write now.
  mutating func take(
    _ text: String, level: Int32, isShown: Bool = true, isQuiet: Bool = false, now: Double,
    thread: UInt = currentThread()
  ) -> [LogLimiter.Line] {
    let whole = pending.removeValue(forKey: thread).map { $0 + text } ?? text
    guard whole.last?.isNewline == true || whole.utf8.count > 2048 else {
      pending[thread] = whole
      return pending.count > Self.mostPending ? giveUp(besides: thread, level: level, now: now) : []
    }
    let shownLevel = isShown ? (isQuiet ? max(level, AV_LOG_INFO) : level) : nil
    return finish(whole, level: level, shownLevel: shownLevel, now: now, thread: thread)
  }

  /// Writes the starts of lines of all other threads, of which at least one will never end.
  private mutating func giveUp(besides thread: UInt, level: Int32, now: Double) -> [LogLimiter.Line]
  {
    pending.keys.filter { $0 != thread }.flatMap { other in
      let text = pending.removeValue(forKey: other) ?? ""
      return finish(text, level: level, shownLevel: level, now: now, thread: other)
    }
  }

  private mutating func finish(
    _ text: String, level: Int32, shownLevel: Int32?, now: Double, thread: UInt
  ) -> [LogLimiter.Line] {
    text.split(whereSeparator: \.isNewline).flatMap { line in
      let text = Self.withoutNames(redactedText(Self.withoutAddresses(line)))
      if level <= Self.recordedLevel, recordings[thread] != nil {
        recordings[thread]?.append(text)
        if recordings[thread]?.count ?? 0 > Self.mostRecorded { recordings[thread]?.removeFirst() }
      }
      return shownLevel.map { limiter.admit(LogLimiter.Line(text: text, level: $0), now: now) }
        ?? []
    }
  }

  /// Without the list of some four hundred formats in one of FFmpeg's messages.
  private static func withoutNames(_ text: String) -> String {
    let mark = "Format not on whitelist"
    return text.firstRange(of: mark).map { String(text[..<$0.upperBound]) } ?? text
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

/// A number that no other thread has at the same time.
func currentThread() -> UInt {
  #if canImport(Darwin)
  UInt(bitPattern: pthread_self())
  #else
  UInt(pthread_self())
  #endif
}
