import Foundation
import Testing

@testable import Pipeline
@testable import Media

@Suite(.timeLimit(.minutes(20)))
struct LivePipelineTests {
  private func run(
    _ connections: [String: [FakeConnection]], _ sources: [MediaSource], sink: RecordingSink,
    delay: Double = 0, change: (inout PipelineOptions) -> Void = { _ in }
  ) -> RunSummary {
    var options = fakeOptions()
    change(&options)
    return DetectionPipeline(
      opener: FakeOpener(connections), analyzers: FakeAnalyzers(delay: delay), options: options,
      sinks: [sink]
    ).run(sources)
  }

  @Test("a lost source is opened again; indices and times continue")
  func reconnects() throws {
    let sink = RecordingSink()
    _ = run(
      [
        "c": [
          FakeConnection(frames: 3, error: .fake(.readTimeout)), .refused(),
          FakeConnection(frames: 2),
        ]
      ], [camera("c")], sink: sink
    ) {
      $0.reconnect.maximumAttempts = 4
    }
    let lines = sink.lines.filter { !$0.hasPrefix("c ") }
    #expect(
      lines.prefix(5) == [
        "start c", "gap c lost read_timeout 3", "gap c lost connection_refused 3",
        "gap c restored - 3", "gap c lost end_of_stream 5",
      ])
    #expect(
      lines.suffix(2) == ["gap c lost connection_refused 5", "end c failed connection_refused"])
    #expect(sink.results.map(\.index) == [0, 1, 2, 3, 4])
    let times = sink.results.map(\.t)
    #expect(times == times.sorted() && times.allSatisfy { $0.isFinite })
    #expect(sink.results.allSatisfy { $0.wall != nil })
    let end = try #require(sink.end("c"))
    #expect(end.status == .failed && end.reason?.isTransient == true)
    #expect(end.reconnects == 1 && end.counts.processed == 5 && end.counts.isBalanced)
    #expect(sink.gaps.filter { $0.state == .lost }.allSatisfy { $0.retryIn != nil })
  }

  @Test("a source that can't be opened at first fails at once, with a transient reason")
  func neverThere() {
    let sink = RecordingSink()
    let summary = run(["c": [.refused()]], [camera("c")], sink: sink)
    #expect(sink.lines == ["end c failed connection_refused"])
    #expect(summary.transientFailures == 1)
  }

  @Test("limited attempts also apply to the first opening, unless the error is permanent")
  func firstOpening() {
    let sink = RecordingSink()
    _ = run(
      [
        "late": [.refused(), .refused(), FakeConnection(frames: 1, duration: 1)],
        "wrong": [
          FakeConnection(openError: .fake(.unknownOption, isTransient: false)), FakeConnection(),
        ],
      ], [camera("late"), camera("wrong")], sink: sink
    ) { $0.reconnect.maximumAttempts = 2 }
    #expect(sink.end("late")?.status == .complete)
    #expect(sink.end("wrong")?.reason?.code == "unknown_option")
  }

  @Test("without attempts the end of the stream is the end of the source")
  func cleanEnd() {
    let sink = RecordingSink()
    let summary = run(["c": [FakeConnection(frames: 3)]], [camera("c")], sink: sink) {
      $0.reconnect.maximumAttempts = 0
    }
    #expect(summary[.complete] == 1 && sink.results.count == 3)
  }

  @Test("a source that stops sending frames counts as stalled")
  func stall() {
    let sink = RecordingSink()
    _ = run(["c": [FakeConnection(frames: 2, isSilentAtEnd: true)]], [camera("c")], sink: sink) {
      $0.stallTimeout = 0.1
      $0.reconnect.maximumAttempts = 0
    }
    #expect(sink.end("c")?.reason?.code == "stalled")
  }

  @Test(
    "frames that no worker has time for are dropped and counted",
    arguments: [
      QueuePolicy.latest, .dropOldest,
    ])
  func drops(policy: QueuePolicy) throws {
    let sink = RecordingSink()
    sink.onFrame = { _ in Thread.sleep(forTimeInterval: 0.005) }
    _ = run(
      ["c": [FakeConnection(frames: 200, duration: 8, frameDelay: 0.0005)]], [camera("c")],
      sink: sink
    ) { $0.livePolicy = policy }
    let end = try #require(sink.end("c"))
    #expect(end.status == .complete && end.counts.decoded == 200 && end.counts.isBalanced)
    #expect(end.counts.dropped > 0 && end.counts.processed == sink.results.count)
    let indices = sink.results.map(\.index)
    #expect(indices == indices.sorted() && Set(indices).count == indices.count)
    #expect(indices.last == 199, "the newest frame is never dropped")
  }

  @Test("live sources run at the same time, and a dead one doesn't hold up others")
  func concurrency() {
    let sink = RecordingSink()
    _ = run(
      [
        "quiet": [FakeConnection(frames: 0, isSilentAtEnd: true)],
        "busy": [FakeConnection(frames: 40, duration: 2)],
        "file": [FakeConnection(frames: 40)],
      ], [camera("quiet"), camera("busy"), file("file")], sink: sink
    ) {
      $0.stallTimeout = 0.5
      $0.reconnect.maximumAttempts = 0
    }
    #expect(sink.ends.map(\.source).last == "quiet")
    #expect(sink.end("busy")?.counts.processed == 40)
    #expect(sink.end("file")?.counts.processed == 40)
  }
}
