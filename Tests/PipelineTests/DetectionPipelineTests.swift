import Foundation
import SSDLite
import Testing
import Geometry

@testable import Pipeline
@testable import Media

@Suite(.timeLimit(.minutes(20)))
struct DetectionPipelineTests {
  @Test("a sink sees the same results whatever the number of workers", arguments: [1, 2, 5])
  func determinism(threads: Int) {
    let opener = FakeOpener([
      "a": [FakeConnection(frames: 60, unusable: [3, 17])], "b": [.refused(.notFound)],
      "c": [FakeConnection(frames: 1)], "d": [FakeConnection(frames: 30, failedPackets: 2)],
    ])
    let sink = RecordingSink()
    var options = fakeOptions(threads: threads)
    options.selection.rate = .stride(2)
    let analyzers = FakeAnalyzers(delay: 0.004)
    let summary = DetectionPipeline(
      opener: opener, analyzers: analyzers, options: options, sinks: [sink]
    ).run(["a", "b", "c", "d"].map(file))

    func frames(_ name: String, _ indices: some Sequence<Int>) -> [String] {
      indices.map { "\(name) \($0) [\(1 / Float($0 + 1))]" }
    }
    #expect(
      sink.lines == ["start a"] + frames("a", stride(from: 0, to: 60, by: 2))
        + ["end a complete -", "end b failed not_found", "start c"] + frames("c", [0])
        + ["end c complete -", "start d"] + frames("d", stride(from: 0, to: 30, by: 2))
        + ["end d complete -"])
    #expect(summary.total == 4 && summary[.complete] == 3 && summary[.failed] == 1)
    #expect(summary.counts.isBalanced && summary.counts.decoded == 93)
    #expect(summary.timings.inference.count == 46)
    #expect(analyzers.made.most == threads, "workers last for the whole run")
  }

  @Test("the counts of a source balance, whatever happened to its frames")
  func accounts() throws {
    let opener = FakeOpener([
      "a": [
        FakeConnection(
          frames: 100, unusable: [0, 20, 21], failedPackets: 7, repairedTimestamps: 3)
      ]
    ])
    let sink = RecordingSink()
    var options = fakeOptions()
    options.selection = FrameSelection(rate: .stride(4), start: 0.4, end: 3)
    _ = DetectionPipeline(
      opener: opener, analyzers: FakeAnalyzers(), options: options, sinks: [sink]
    ).run([file("a")])
    let end = try #require(sink.end("a"))
    // 0.4 s is frame 10, 3 s is frame 75, which has to be decoded to be out of range. Of the
    // unusable frames 20 and 21 are not in the stride.
    #expect(end.counts.decoded == 76 + 7)
    #expect(end.counts.processed == 17)
    #expect(end.counts.failed == 7)
    #expect(end.counts.isBalanced)
    #expect(end.objects == 17 && end.ptsRepaired == 3)
    #expect(end.firstT == 0.4 && end.lastT == 74.0 / 25)
  }

  @Test("no more frames are in flight than the queues and the workers hold", arguments: [1, 3])
  func backPressure(threads: Int) {
    let opener = FakeOpener(["a": [FakeConnection(frames: 100)]])
    let sink = RecordingSink()
    sink.inFlight = opener.inFlight
    sink.onFrame = { _ in Thread.sleep(forTimeInterval: 0.001) }
    let options = fakeOptions(threads: threads, queueCapacity: 3)
    _ = DetectionPipeline(
      opener: opener, analyzers: FakeAnalyzers(delay: 0.002), options: options, sinks: [sink]
    ).run([file("a")])
    #expect(sink.results.count == 100)
    // Waiting in the lane, being analysed or ordered, waiting for the sink and taken by it, and
    // just decoded.
    #expect(opener.inFlight.most <= 3 + (threads + 3) + 3 + 1 + 1)
    #expect(opener.inFlight.most >= threads, "nothing ran at the same time")
  }

  @Test("the frames that overtake a slow one are bounded")
  func reorderingIsBounded() {
    final class SlowFirst: FrameAnalyzerFactory {
      final class Analyzer: FrameAnalyzer {
        private var isFirst = false
        func prepare(_ frame: Frame, region: PixelRegion) -> PixelRegion {
          isFirst = frame.index == 0
          return region
        }
        func detect(timings: inout StageTimings) -> [Detection] {
          if isFirst { Thread.sleep(forTimeInterval: 0.2) }
          return []
        }
      }
      let sizes = [InputSize(width: 320, height: 240)]
      func makeAnalyzers() -> [any FrameAnalyzer] { [Analyzer()] }
    }
    let opener = FakeOpener(["a": [FakeConnection(frames: 200)]])
    let sink = RecordingSink()
    sink.inFlight = opener.inFlight
    _ = DetectionPipeline(
      opener: opener, analyzers: SlowFirst(), options: fakeOptions(threads: 4, queueCapacity: 2),
      sinks: [sink]
    ).run([file("a")])
    #expect(sink.results.map(\.index) == Array(0..<200))
    #expect(opener.inFlight.most <= 2 + (4 + 2) + 2 + 1 + 1)
  }

  @Test("the limit ends a source without reading further")
  func limit() throws {
    let opener = FakeOpener(["a": [FakeConnection(frames: 1000)]])
    let sink = RecordingSink()
    var options = fakeOptions()
    options.selection.limit = 5
    _ = DetectionPipeline(
      opener: opener, analyzers: FakeAnalyzers(), options: options, sinks: [sink]
    ).run([file("a")])
    let end = try #require(sink.end("a"))
    #expect(end.status == .complete && end.counts.decoded == 5 && end.counts.processed == 5)
  }

  @Test("progress has the source, its share and the rate")
  func progress() throws {
    let opener = FakeOpener(["a": [FakeConnection(frames: 50, duration: 2)]])
    let sink = RecordingSink()
    let pipeline = DetectionPipeline(
      opener: opener, analyzers: FakeAnalyzers(), options: fakeOptions(), sinks: [sink])
    var seen: [PipelineProgress] = []
    sink.onFrame = { [control = pipeline.control] _ in seen.append(control.progress()) }
    _ = pipeline.run([file("a")])
    let middle = try #require(seen.dropFirst(25).first)
    #expect(middle.source == "a" && middle.sourcesTotal == 1 && middle.sourcesDone == 0)
    // Counted when the frame is queued for the sinks: ahead of this one by the two that wait.
    #expect((25...28).contains(middle.frames) && middle.sourceFrames == middle.frames)
    #expect(middle.estimatedSourceFrames == 50)
    #expect(try abs(#require(middle.fraction) - Double(middle.frames - 1) / 50) < 1e-9)
    let end = pipeline.control.progress()
    #expect(end.frames == 50 && end.objects == 50 && end.sourcesDone == 1)
    #expect(end.framesPerSecond > 0)
  }

  @Test("a run without sources ends at once")
  func nothing() {
    let summary = DetectionPipeline(
      opener: FakeOpener([:]), analyzers: FakeAnalyzers(), options: fakeOptions(), sinks: []
    ).run([])
    #expect(summary.total == 0 && !summary.wasStopped && summary.outputError == nil)
  }
}
