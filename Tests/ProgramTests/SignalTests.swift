import Foundation

import TestSupport
import Testing

@Suite(
  "Signals and closed pipes", .serialized,
  .requires(.media))
struct SignalTests {
  /// Enough frames for several seconds of work.
  private func longRun(_ place: Workplace, _ arguments: String...) throws -> Running {
    let sources = [String](repeating: media("plain.mp4"), count: 60)
    let running = try Running(
      Program.path,
      sources + ["--model", TinyModel.detector, "--jsonl", "out.jsonl", "--progress", "none"]
        + arguments, in: place.path)
    try running.waitUntil { (try? place.unfinished("out.jsonl").contains(#""frame""#)) == true }
    return running
  }

  @Test(
    "the first signal drains: complete lines, balanced counts, the file under its final name",
    arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func drain(signal: Int32, status: Int32) throws {
    let place = try Workplace()
    let running = try longRun(place)
    running.send(signal)
    var outcome = try running.wait()
    #expect(outcome.status == status, "\(outcome.errors)")
    outcome.output = try place.text("out.jsonl")
    try checkAccount(outcome)
    let statuses = try outcome.lines("end").compactMap { $0["status"]?.string }
    #expect(statuses.count == 60 && statuses.contains("stopped"))
  }

  @Test("the second signal ends at once")
  func second() throws {
    let place = try Workplace()
    // Hundreds of decoded frames are waiting; after one signal they would all be processed.
    let running = try longRun(place, "--threads", "1", "--queue", "400", "--tiles", "6,7")
    // Decoding is several times as fast, so by then the queue is full or nearly so.
    try running.waitUntil {
      try place.unfinished("out.jsonl").split(separator: "\n").count > 50
    }
    running.send(SIGINT)
    try running.waitUntil { try running.errors().contains("interrupt again to stop at once") }
    // Sooner, it would be the same signal once more.
    usleep(700_000)
    running.send(SIGINT)
    let outcome = try running.wait()
    #expect(outcome.status == 130)
    // What still waited was not processed, and nothing was finished.
    #expect(try !place.unfinished("out.jsonl").contains(#""type":"summary""#))
    #expect(!place.exists("out.jsonl"))
  }

  @Test("signals that come together are one", arguments: [[SIGTERM, SIGTERM], [SIGINT, SIGHUP]])
  func together(signals: [Int32]) throws {
    let place = try Workplace()
    let running = try longRun(place, "--threads", "1", "--queue", "40")
    for signal in signals {
      running.send(signal)
      // Two of a kind that are pending at once are one to the system already.
      usleep(100_000)
    }
    let outcome = try running.wait()
    // Which of two comes first is the system's business.
    #expect(signals.map { 128 + $0 }.contains(outcome.status), "\(outcome.errors)")
    #expect(try place.text("out.jsonl").contains(#""type":"summary""#))
  }

  @Test("a program that is to outlive its terminal ignores SIGHUP")
  func hangUpIgnored() throws {
    let place = try Workplace()
    let outcome = try Program.shell(
      """
      trap '' HUP
      "$PROGRAM" '\(media("plain.mp4"))' --model '\(TinyModel.detector)' --tiles 4 --threads 1 \
        --progress none --jsonl out.jsonl &
      until grep -q '"frame"' out.jsonl*; do sleep 0.01; done 2> /dev/null
      kill -HUP $!; wait $!; echo "status $?"
      """, in: place.path)
    #expect(outcome.output.contains("status 0"), "\(outcome.errors)")
  }

  @Test("a closed standard output ends the run quietly")
  func closedPipe() throws {
    let place = try Workplace()
    let sources = [String](repeating: "'\(media("plain.mp4"))'", count: 60).joined(separator: " ")
    let outcome = try Program.shell(
      "\"$PROGRAM\" \(sources) --model '\(TinyModel.detector)' --progress none | head -n 1; "
        + "echo \"status ${PIPESTATUS[0]}\"", in: place.path)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 2 && lines.first?.hasPrefix(#"{"type":"run""#) == true)
    #expect(lines.last == "status 0")
    #expect(outcome.errors.isEmpty)
  }
}
