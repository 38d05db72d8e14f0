import Foundation
import Testing

@testable import Pipeline
@testable import Media

@Suite(.timeLimit(.minutes(20)))
struct PipelineFailureTests {
  private func run(
    _ connections: [String: [FakeConnection]], _ sources: [MediaSource], sinks: [any ResultSink]
  ) -> RunSummary {
    DetectionPipeline(
      opener: FakeOpener(connections), analyzers: FakeAnalyzers(), options: fakeOptions(),
      sinks: sinks
    ).run(sources)
  }

  @Test("a bad source never stops the others, and each ends with its reason")
  func badSources() {
    let sink = RecordingSink()
    let connections = [
      "missing": [FakeConnection.refused(.notFound)],
      "cut": [
        FakeConnection(
          frames: 4,
          shortfall: Shortfall(.truncated, "The file ends in the middle of a frame."))
      ],
      "breaks": [FakeConnection(frames: 4, error: .fake(.readTimeout))],
      "breaks early": [FakeConnection(frames: 0, error: .fake(.invalidData, isTransient: false))],
      "hollow": [FakeConnection(frames: 0)],
      "garbage": [FakeConnection(frames: 0, failedPackets: 9)],
      "odd": [FakeConnection(frames: 3, unusable: [0, 1, 2])],
      "good": [FakeConnection(frames: 4)],
    ]
    let order = [
      "missing", "cut", "breaks", "breaks early", "hollow", "garbage", "odd", "good",
    ]
    let summary = run(connections, order.map(file), sinks: [sink])
    #expect(
      sink.lines.filter { $0.hasPrefix("end") } == [
        "end missing failed not_found", "end cut truncated truncated",
        "end breaks truncated read_timeout", "end breaks early failed invalid_data",
        "end hollow failed no_frames", "end garbage failed no_frames",
        "end odd failed unsupported_pixel_format", "end good complete -",
      ])
    #expect(sink.ends.allSatisfy { $0.counts.isBalanced })
    #expect(summary[.failed] == 5 && summary[.truncated] == 2 && summary[.complete] == 1)
    #expect(summary.transientFailures == 3, "missing, breaks and odd have transient errors")
  }

  @Test("a required sink that fails ends the run; the other sinks get the end of each source")
  func sinkFails() throws {
    let full = RecordingSink()
    full.onFrame = { result in
      if result.index == 5 { throw SinkError(.outputFailed, "No space is left.") }
    }
    let other = RecordingSink()
    let connections = ["a": [FakeConnection(frames: 500)], "b": [FakeConnection(frames: 5)]]
    let summary = run(connections, [file("a"), file("b")], sinks: [full, other])
    #expect(summary.outputError == SinkError(.outputFailed, "No space is left."))
    #expect(!summary.wasStopped)
    #expect(full.results.count == 5 && full.ends.isEmpty, "it is not called again")
    // Frame 5, two that waited in the queue of the failed sink, and one for which there was no
    // room.
    #expect((6...9).contains(other.results.count))
    #expect(other.ends.map(\.status) == [.stopped, .stopped])
    let end = try #require(other.end("a"))
    #expect(end.counts.isBalanced && end.counts.processed == other.results.count)
    #expect(end.counts.decoded < 100, "decoding went on")
  }

  @Test("a closed pipe stays a closed pipe, and any other error is a failed output")
  func errorKinds() {
    struct Odd: Error {}
    for (error, kind) in [
      (SinkError(.brokenPipe, "gone") as any Error, SinkError.Kind.brokenPipe),
      (Odd(), .outputFailed),
    ] {
      let sink = RecordingSink()
      sink.onFrame = { _ in throw error }
      let summary = run(["a": [FakeConnection()]], [file("a")], sinks: [sink])
      #expect(summary.outputError?.kind == kind)
    }
  }

  @Test("frames that can't be used have no line and count as failed")
  func unusableFrames() throws {
    let sink = RecordingSink()
    _ = run(["a": [FakeConnection(frames: 6, unusable: [1, 4])]], [file("a")], sinks: [sink])
    #expect(sink.results.map(\.index) == [0, 2, 3, 5])
    let end = try #require(sink.end("a"))
    #expect(end.status == .complete && end.counts.failed == 2 && end.counts.isBalanced)
  }
}
