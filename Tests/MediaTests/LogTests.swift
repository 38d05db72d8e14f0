import Logging
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Support

@Suite("FFmpeg's log")
struct LogTests {
  private func line(_ text: String) -> LogLimiter.Line { .init(text: text, level: 16) }

  @Test("messages that differ only in numbers are written once, with a count")
  func merging() {
    var limiter = LogLimiter(interval: 10)
    #expect(limiter.admit(line("error at MB 3 4"), now: 0) == [line("error at MB 3 4")])
    #expect(limiter.admit(line("error at MB 12 8"), now: 1).isEmpty)
    #expect(limiter.admit(line("error at MB 5 8"), now: 2).isEmpty)
    #expect(limiter.admit(line("another thing"), now: 3) == [line("another thing")])
    #expect(
      limiter.admit(line("error at MB 1 1"), now: 11)
        == [line("error at MB 5 8 (repeated 2 times)"), line("error at MB 1 1")])
  }

  @Test("counts held back are written at the end")
  func flushing() {
    var limiter = LogLimiter(interval: 10)
    _ = limiter.admit(line("a 1"), now: 0)
    _ = limiter.admit(line("a 2"), now: 0)
    #expect(limiter.flush() == [line("a 2 (repeated once)")])
    #expect(limiter.flush().isEmpty)
  }

  @Test("a flood of different messages uses bounded memory")
  func capacity() {
    var limiter = LogLimiter(interval: 1000, capacity: 3)
    let letters = "abcdefghij".map { String(repeating: $0, count: 3) + "z" }
    for (time, text) in letters.enumerated() {
      #expect(limiter.admit(line(text + "!"), now: Double(time)).count == 1)
    }
    _ = limiter.admit(line("jjjz!"), now: 11)
    #expect(limiter.flush().count == 1)
  }

  @Test("memory addresses and secrets are removed from lines")
  func cleaning() {
    var state = LogState(logger: Logger(label: "test"))
    let first = state.take(
      "[rtsp @ 0x55d0c0] Failed to open 'rtsp://a:b@cam:554/1?token=x'\n", level: 16, now: 0)
    #expect(first.map(\.text) == ["rtsp: Failed to open 'rtsp://cam:554/1?token=***'"])
    let second = state.take("GET / HTTP/1.1\r\nAuthorization: Basic QTpC\r\n", level: 48, now: 0)
    #expect(second.map(\.text) == ["GET / HTTP/1.1", "Authorization: ***"])
  }

  @Test("a line received in parts is written as one")
  func parts() {
    var state = LogState(logger: Logger(label: "test"))
    #expect(state.take("half ", level: 16, now: 0).isEmpty)
    #expect(state.take("and half\n", level: 16, now: 0).map(\.text) == ["half and half"])
  }

  @Test("lines of two threads, each received in parts, stay apart")
  func partsOfThreads() {
    var state = LogState(logger: Logger(label: "test"))
    #expect(state.take("one ", level: 16, now: 0, thread: 1).isEmpty)
    #expect(state.take("two ", level: 16, now: 0, thread: 2).isEmpty)
    #expect(state.take("and half\n", level: 16, now: 0, thread: 1).map(\.text) == ["one and half"])
    #expect(state.take("and end\n", level: 16, now: 0, thread: 2).map(\.text) == ["two and end"])
    // Threads that end in the middle of a line don't pile up.
    let lines = (3..<200).flatMap { thread in
      state.take(
        String(repeating: "z", count: Int(thread)), level: 16, now: 1, thread: thread)
    }
    #expect(lines.count > 100)
  }

  @Test("errors are recorded for the thread that wants them, whatever is shown")
  func recording() {
    var state = LogState(logger: Logger(label: "test"))
    state.beginRecording(thread: 1)
    #expect(state.take("[x @ 0x1] bad\n", level: 16, isShown: false, now: 0, thread: 1).isEmpty)
    _ = state.take("other\n", level: 16, now: 0, thread: 2)
    _ = state.take("detail\n", level: 32, now: 0, thread: 1)
    #expect(state.endRecording(thread: 1) == ["x: bad"])
    #expect(state.endRecording(thread: 1).isEmpty)
  }

  @Test("FFmpeg's errors reach the logger as warnings", .requires(.media), .timeLimit(.minutes(20)))
  func installing() throws {
    let lines = Locked<[String]>([])
    var logger = Logger(label: "test", factory: { _ in Recorder(lines: lines) })
    logger.logLevel = .warning
    FFmpegLog.install(logger: logger)
    _ = try? VideoReader("/dev/null")
    _ = try? Reading(media("cut-moov.mp4"))
    FFmpegLog.flush()
    #expect(lines.withLock { $0 }.contains { $0.contains("moov atom not found") })
  }
}

/// Records what is logged.
private struct Recorder: LogHandler {
  let lines: Locked<[String]>
  var logLevel = Logger.Level.warning
  var metadata = Logger.Metadata()

  init(lines: Locked<[String]>) { self.lines = lines }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { lines.withLock { $0.append("\(event.message)") } }
}
