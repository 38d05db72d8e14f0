import Dispatch
import TestSupport
import Testing

@testable import Pipeline

@Suite(.timeLimit(.minutes(20)))
struct PipelineStopTests {
  private func pipeline(
    _ connections: [String: [FakeConnection]], _ sink: RecordingSink, delay: Double = 0
  ) -> DetectionPipeline {
    DetectionPipeline(
      opener: FakeOpener(connections), analyzers: FakeAnalyzers(delay: delay),
      options: fakeOptions(), sinks: [sink])
  }

  @Test("the first stop ends decoding and drains: nothing decoded is lost")
  func drain() throws {
    let sink = RecordingSink()
    let pipeline = pipeline(
      ["a": [FakeConnection(frames: 100_000)], "b": [FakeConnection()]], sink, delay: 0.002)
    let control = pipeline.control
    sink.onFrame = { if $0.index == 20 { control.stop() } }
    let summary = pipeline.run([file("a"), file("b")])
    #expect(summary.wasStopped && summary[.stopped] == 2)
    let end = try #require(sink.end("a"))
    #expect(end.status == .stopped && end.reason?.code == "stopped")
    #expect(end.counts.decoded == end.counts.processed && end.counts.decoded > 20)
    #expect(sink.results.map(\.index) == Array(0..<end.counts.processed))
    #expect(sink.end("b")?.counts.decoded == 0)
  }

  @Test("the second stop drops what waits, and the counts still balance")
  func cancel() throws {
    let sink = RecordingSink()
    let opener = FakeOpener(["a": [FakeConnection(frames: 100_000)]])
    let pipeline = DetectionPipeline(
      opener: opener, analyzers: FakeAnalyzers(delay: 0.002), options: fakeOptions(), sinks: [sink])
    let control = pipeline.control
    sink.inFlight = opener.inFlight
    sink.onFrame = {
      if $0.index == 20 {
        // Until frames have piled up behind this one.
        #expect(waitUntil { opener.inFlight.now >= 2 })
        control.stop()
        control.stop()
      }
    }
    _ = pipeline.run([file("a")])
    let end = try #require(sink.end("a"))
    #expect(end.status == .stopped && end.counts.isBalanced)
    // Those that were queued for the sink are still written: two, and one for which there was no
    // room.
    #expect((21...24).contains(end.counts.processed) && end.counts.dropped > 0)
    #expect(sink.results.count == end.counts.processed)
  }

  @Test("a stop wakes a reader that waits for its source")
  func wakesReader() throws {
    let sink = RecordingSink()
    let pipeline = pipeline(
      [
        "a": [FakeConnection(frames: 3, isSilentAtEnd: true)],
        "c": [FakeConnection(frames: 3, isSilentAtEnd: true)],
      ], sink)
    let control = pipeline.control
    let seen = Gauge()
    sink.onFrame = { _ in
      // A moment after the last frame both sources wait for another one.
      if seen.enter() == 6 {
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.05) { control.stop() }
      }
    }
    _ = pipeline.run([file("a"), camera("c")])
    #expect(sink.end("a")?.status == .stopped && sink.end("c")?.status == .stopped)
    #expect(sink.results.count == 6)
  }

  @Test("a stop wakes a source that waits to be opened again")
  func wakesSleeper() throws {
    let sink = RecordingSink()
    var options = fakeOptions()
    options.reconnect = ReconnectPolicy(minimumDelay: 1000, maximumDelay: 1000)
    let pipeline = DetectionPipeline(
      opener: FakeOpener(["c": [FakeConnection(frames: 3)]]), analyzers: FakeAnalyzers(),
      options: options, sinks: [sink])
    let control = pipeline.control
    sink.onGap = { _ in
      DispatchQueue.global().asyncAfter(deadline: .now() + 0.05) { control.stop() }
    }
    _ = pipeline.run([camera("c")])
    #expect(sink.lines.suffix(2) == ["gap c lost end_of_stream 3", "end c stopped stopped"])
  }

  @Test("a stop before the run leaves every source unread, with its end record")
  func before() {
    let sink = RecordingSink()
    let pipeline = pipeline(["a": [FakeConnection()], "c": [FakeConnection()]], sink)
    pipeline.control.stop()
    let summary = pipeline.run([file("a"), camera("c")])
    #expect(summary[.stopped] == 2 && summary.counts.decoded == 0)
  }
}
