import Foundation
import Geometry
import Testing
import Tracking

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

  @Test("a source that is down at first is waited for without end, and its gaps are recorded")
  func neverThere() throws {
    let sink = RecordingSink()
    let pipeline = DetectionPipeline(
      opener: FakeOpener(["f": [FakeConnection(frames: 2)]]), analyzers: FakeAnalyzers(),
      options: fakeOptions(), sinks: [sink])
    let control = pipeline.control
    sink.onGap = { gap in if gap.attempt == 4 { control.stop() } }
    let summary = pipeline.run([camera("c"), file("f")])
    let lines = sink.lines.filter { $0.hasPrefix("gap") }
    #expect(lines.prefix(4).allSatisfy { $0 == "gap c lost connection_refused 0" })
    #expect(sink.gaps.prefix(4).map(\.attempt) == [1, 2, 3, 4])
    #expect(sink.end("c")?.status == .stopped && sink.end("f")?.status == .complete)
    #expect(summary.transientFailures == 0)
  }

  @Test("no attempt beyond those allowed is made for a source that is down at first")
  func refusedOnce() {
    let sink = RecordingSink()
    let summary = run(["c": [.refused()]], [camera("c")], sink: sink) {
      $0.reconnect.maximumAttempts = 0
    }
    #expect(sink.lines == ["end c failed connection_refused"])
    #expect(summary.transientFailures == 1)
  }

  @Test("a source that comes late starts like any other; waiting doesn't mend every error")
  func firstOpening() {
    let sink = RecordingSink()
    _ = run(
      [
        "late": [
          .refused(), FakeConnection(openError: .fake(.notFound, isTransient: false)),
          FakeConnection(frames: 1, duration: 1),
        ],
        "wrong": [
          FakeConnection(openError: .fake(.unknownOption, isTransient: false)), FakeConnection(),
        ],
      ], [camera("late"), camera("wrong")], sink: sink)
    #expect(
      sink.lines.filter { $0.contains("late") } == [
        "gap late lost connection_refused 0", "gap late lost not_found 0", "start late",
        "gap late restored - 0", "late 0 [1.0]", "end late complete -",
      ])
    #expect(sink.end("late")?.reconnects == 0)
    #expect(sink.end("wrong")?.reason?.code == "unknown_option")
  }

  @Test("a zone outside of the picture ends a source with its first frame, and no other source")
  func misfit() throws {
    var tracking = ObjectTracking()
    let corners = [Point(x: 0, y: 0), Point(x: 9000, y: 0), Point(x: 9000, y: 10)]
    tracking.events = try EventEngine(
      EventOptions(zones: [Zone(name: "far", points: corners, unit: .pixels)]))
    for source in [camera("c"), file("c")] {
      let sink = RecordingSink()
      let opener = FakeOpener(["c": [FakeConnection(frames: 5000), FakeConnection()], "d": []])
      var options = fakeOptions()
      options.tracking = tracking
      _ = DetectionPipeline(
        opener: opener, analyzers: FakeAnalyzers(), options: options, sinks: [sink]
      ).run([source, file("d")])
      let end = try #require(sink.end("c"))
      #expect(end.status == .failed && end.reason?.code == "zone" && end.counts.decoded == 0)
      #expect(end.reason?.message.contains("zone 'far'") == true && sink.gaps.isEmpty)
      #expect(opener.openings.filter { $0 == "c" }.count == 1 && sink.end("d") != nil)
    }
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
