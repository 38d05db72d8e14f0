import Foundation
import Testing

@testable import Output
@testable import Pipeline

@Suite("What is said about outages")
struct OutageLogTests {
  private func gap(_ source: String, _ state: Gap.State, at seconds: Double, frame: Int = 9) -> Gap
  {
    Gap(
      source: source, state: state,
      reason: state == .lost
        ? EndReason(code: "x", message: "Nothing listens.", isTransient: true) : nil,
      frame: frame, wall: Date(timeIntervalSince1970: 1e9 + seconds), attempt: Int(seconds / 4) + 1,
      retryIn: 4)
  }

  @Test("an hour is a line at its start, one every ten minutes, and one at its end")
  func hour() {
    var log = OutageLog()
    var lines: [String] = []
    for second in stride(from: 0.0, to: 3600, by: 4) {
      if let line = log.line(for: gap("cam", .lost, at: second)) { lines.append(line) }
    }
    if let line = log.line(for: gap("cam", .restored, at: 3601)) { lines.append(line) }
    #expect(lines.count == 7)
    #expect(
      lines.first == "cam: stream lost. Nothing listens. It is tried again, first in 4.0 s.")
    #expect(lines[1] == "cam: away for 10 minutes, 150 attempts. Nothing listens.")
    #expect(lines.last == "cam: stream restored after 3601.0 s.")
  }

  @Test("each source and each outage has lines of its own")
  func apart() {
    var log = OutageLog()
    #expect(
      log.line(for: gap("a", .lost, at: 0, frame: 0))?.hasPrefix("a: not available yet.") == true)
    #expect(log.line(for: gap("b", .lost, at: 1)) != nil)
    #expect(log.line(for: gap("a", .lost, at: 5)) == nil)
    #expect(log.line(for: gap("a", .restored, at: 9)) != nil)
    #expect(log.line(for: gap("a", .lost, at: 20)) != nil)
  }

  @Test("a source that is back each time and doesn't stay has a line every ten minutes, too")
  func unsteady() {
    var log = OutageLog()
    var lines: [String] = []
    for second in stride(from: 0.0, to: 3600, by: 5) {
      for state in [Gap.State.lost, .restored] {
        let time = state == .lost ? second : second + 1
        if let line = log.line(for: gap("cam", state, at: time)) { lines.append(line) }
      }
    }
    #expect(lines.count == 12, "\(lines)")
    #expect(
      lines[6] == "cam: stream lost 4 times in 15 s, back each time. Nothing listens. "
        + "From now on a line each ten minutes.")
    #expect(
      lines[7] == "cam: stream lost 124 times in 10 minutes, back each time. Nothing listens.")
    // One that stays for a minute is one of its own.
    #expect(log.line(for: gap("cam", .lost, at: 3700))?.contains("stream lost. ") == true)
    #expect(log.line(for: gap("cam", .restored, at: 3701)) != nil)
  }
}
