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
    try running.waitUntil { (try? place.text("out.jsonl.partial").contains(#""frame""#)) == true }
    return running
  }

  @Test(
    "the first signal drains: complete lines, balanced counts, the file under its final name",
    arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
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
    let running = try longRun(place, "--threads", "1", "--queue", "400")
    running.send(SIGINT)
    try running.waitUntil { try running.errors().contains("interrupt again to stop at once") }
    running.send(SIGINT)
    let outcome = try running.wait()
    #expect(outcome.status == 130)
    // What still waited was not processed, and nothing was finished.
    #expect(try !place.text("out.jsonl.partial").contains(#""type":"summary""#))
    #expect(!place.exists("out.jsonl"))
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
