import Testing
import Tracking

@testable import Pipeline

@Suite("Offline tracking in the pipeline", .timeLimit(.minutes(20)))
struct OfflineTrackingTests {
  private func run(
    _ connections: [String: [FakeConnection]], _ sources: [MediaSource], threads: Int,
    sink: RecordingSink, control: PipelineControl = PipelineControl()
  ) -> RunSummary {
    var options = fakeOptions(threads: threads)
    options.tracking = ObjectTracking(isOffline: true)
    return DetectionPipeline(
      opener: FakeOpener(connections), analyzers: FakeAnalyzers(), options: options,
      sinks: [sink], control: control
    ).run(sources)
  }

  @Test("each frame comes once, before its source's end, the same with any number of threads")
  func order() {
    func lines(_ threads: Int) -> [String] {
      let sink = RecordingSink()
      let summary = run(
        ["a": [FakeConnection(frames: 700, unusable: [3])], "b": [FakeConnection(frames: 20)]],
        [file("a"), file("b")], threads: threads, sink: sink)
      #expect(summary.counts.processed == 719 && summary.counts.isBalanced)
      #expect(sink.ends.allSatisfy { $0.counts.isBalanced && $0.status == .complete })
      #expect(
        sink.results.map(\.index) == (0..<700).filter { $0 != 3 } + Array(0..<20))
      return sink.lines
    }
    #expect(lines(1) == lines(3))
  }

  @Test("results that are held back when a run is stopped are written")
  func stop() throws {
    let (sink, control) = (RecordingSink(), PipelineControl())
    // The end of 20 seconds: most of them are held back when the first come.
    sink.onFrame = { result in if result.index == 0 { control.stop() } }
    _ = run(
      ["a": [FakeConnection(frames: 1_000_000)]], [file("a")], threads: 2, sink: sink,
      control: control)
    let end = try #require(sink.end("a"))
    #expect(end.status == .stopped && end.counts.isBalanced && end.counts.dropped == 0)
    #expect(sink.results.map(\.index) == Array(0..<end.counts.processed))
    #expect(end.counts.processed > 200)
  }
}
