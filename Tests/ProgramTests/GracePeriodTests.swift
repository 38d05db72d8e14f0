import Foundation
import TestSupport
import Testing

#if os(Linux)
@Suite("Stopping while an output is blocked", .requires(.media))
struct GracePeriodTests {
  /// Runs the program with outputs that aren't read until they are full, stops it, and reports how
  /// it ended.
  private func stop(_ place: Workplace, _ redirection: String, _ arguments: String) throws
    -> Program.Outcome
  {
    let isMade = unsafe mkfifo(place.path + "/pipe", 0o600) == 0
    #expect(isMade)
    // Held open and never read.
    let pipe = unsafe open(place.path + "/pipe", O_RDWR | O_CLOEXEC)
    defer { close(pipe) }
    let sources = [String](repeating: "'\(media("plain.mp4"))'", count: 60).joined(separator: " ")
    let script =
      "exec \"$PROGRAM\" \(sources) --model '\(TinyModel.detector)' \(arguments) \(redirection)"
    let running = try Running(
      "/bin/bash", ["-c", script], in: place.path, environment: ["PROGRAM": Program.path])
    try running.waitUntil {
      var request = pollfd(fd: pipe, events: Int16(POLLOUT), revents: 0)
      return unsafe poll(&request, 1, 0) == 0
    }
    running.send(SIGTERM)
    return try running.wait()
  }

  @Test("a standard output that isn't read ends the run after the grace period")
  func output() throws {
    let outcome = try stop(Workplace(), ">pipe", "--progress none")
    #expect(outcome.status == 143)
    #expect(outcome.errors.contains("an output takes no data"), "\(outcome.errors)")
  }

  @Test("a standard error that isn't read ends the run after the grace period")
  func errors() throws {
    let outcome = try stop(Workplace(), ">pipe 2>pipe", "")
    #expect(outcome.status == 143)
  }
}
#endif
