import Foundation
import Backbone
import Layers
import SSDLite
import Support
import TestSupport
import Testing

@testable import Pipeline
@testable import Media

/// The pipeline on FFmpeg and the engine themselves: a network of random weights on a small clip.
@Suite(.timeLimit(.minutes(20)))
struct RealPipelineTests {
  /// Random weights seeded by the names of the tensors, so that they are the same in every run.
  private func detector() throws -> Detector {
    let specification = SSDLiteSpecification.tensorFlow(
      backbone: .mobileNetV2, widthMultiplier: 0.25, classes: 4, inputHeight: 96, inputWidth: 96)
    let normalization = Normalization(
      order: .rgb, mean: [127.5, 127.5, 127.5], scale: [2.0 / 255, 2.0 / 255, 2.0 / 255])
    return try Detector(specification: specification, normalization: normalization) { name, shape in
      var random = SplitMix64(seed: name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
      let inputs = shape.dropFirst().reduce(1, *)
      let bound = (6 / Float(inputs)).squareRoot()
      return (0..<shape.reduce(1, *)).map { _ in Float.random(in: -bound...bound, using: &random) }
    }
  }

  private func run(_ sources: [MediaSource], threads: Int, wantsPictures: Bool) throws
    -> (RecordingSink, RunSummary)
  {
    var options = PipelineOptions(
      detection: DetectionOptions(
        scoreThreshold: 0.3, iouThreshold: 0.5, maximumDetections: 20))
    options.threads = threads
    let sink = RecordingSink()
    sink.wantsPictures = wantsPictures
    let pipeline = DetectionPipeline(detector: try detector(), options: options, sinks: [sink])
    return (sink, pipeline.run(sources))
  }

  @Test("a clip is read, scaled and analysed, the same with any number of workers")
  func determinism() throws {
    let folder = try TemporaryFolder()
    let sources = [
      MediaSource(try folder.addNoise(frames: 12, width: 64, height: 48)),
      MediaSource(folder.path + "/missing.mp4"),
      MediaSource(try folder.addNoise(frames: 5, width: 33, height: 17)),
    ]
    let (one, summary) = try run(sources, threads: 1, wantsPictures: false)
    let (three, _) = try run(sources, threads: 3, wantsPictures: false)
    #expect(one.lines == three.lines)
    #expect(one.results.map(\.detections) == three.results.map(\.detections))
    #expect(one.results.contains { !$0.detections.isEmpty }, "nothing found proves nothing")
    #expect(summary.counts.processed == 17 && summary[.complete] == 2 && summary[.failed] == 1)
    #expect(one.end(sources[1].name)?.reason?.code == "not_found")
    let timings = summary.timings
    for timing in [timings.decode, timings.scale, timings.inference, timings.postprocess] {
      #expect(timing.count == 17 && timing.total > .zero && timing.maximum <= timing.total)
    }
  }

  @Test("results carry their picture only if a sink wants it")
  func pictures() throws {
    let folder = try TemporaryFolder()
    let source = MediaSource(try folder.addNoise(frames: 3, width: 64, height: 48))
    let (without, _) = try run([source], threads: 2, wantsPictures: false)
    let (with, _) = try run([source], threads: 2, wantsPictures: true)
    #expect(without.results.allSatisfy { $0.frame == nil })
    #expect(with.results.map { $0.frame?.index } == [0, 1, 2])
    #expect(with.results.allSatisfy { $0.width == 64 && $0.height == 48 })
    #expect(with.results.map(\.t) == [0, 0.04, 0.08])
  }

  @Test("after a reconnect the index and the time of a result are those of its picture")
  func placeAfterReconnect() throws {
    let folder = try TemporaryFolder()
    let clip = try folder.addNoise(frames: 5, width: 64, height: 48)
    var options = fakeOptions()
    options.reconnect.maximumAttempts = 3
    let sink = RecordingSink()
    sink.wantsPictures = true
    _ = DetectionPipeline(
      opener: BreakingOpener(frames: 3, openings: 3), analyzers: FakeAnalyzers(), options: options,
      sinks: [sink]
    ).run([MediaSource(name: "c", location: clip, kind: .live)])
    #expect(sink.results.map(\.index) == Array(0..<9))
    #expect(sink.results.map { $0.frame?.index } == sink.results.map(\.index))
    #expect(sink.results.map { $0.frame?.t } == sink.results.map(\.t))
    #expect(sink.results.map(\.t) == sink.results.map(\.t).sorted())
    #expect(sink.results.map(\.pts) == [0, 1, 2, 0, 1, 2, 0, 1, 2])
  }
}

/// Opens media a few times, and loses each connection after a few frames.
private final class BreakingOpener: FrameSourceOpener {
  private let frames: Int
  private let openings: Locked<Int>

  init(frames: Int, openings: Int) {
    self.frames = frames
    self.openings = Locked(openings)
  }

  func open(
    _ source: MediaSource, wantsAudio: Bool, cancellation: Cancellation
  ) throws(MediaError) -> any FrameSource {
    let isLeft = openings.withLock { openings in
      openings -= 1
      return openings >= 0
    }
    guard isLeft else { throw .fake(.connectionRefused) }
    let opener = MediaOpener(options: fakeOptions())
    return BreakingSource(
      try opener.open(source, wantsAudio: wantsAudio, cancellation: cancellation), frames: frames)
  }
}

private final class BreakingSource: FrameSource {
  private let source: any FrameSource
  private var left: Int

  init(_ source: any FrameSource, frames: Int) {
    self.source = source
    left = frames
  }

  var info: StreamInfo { source.info }
  var audio: AudioParameters? { source.audio }
  var failedFrames: Int { source.failedFrames }
  var repairedTimestamps: Int { source.repairedTimestamps }
  var shortfall: Shortfall? { source.shortfall }

  func next() throws(MediaError) -> Frame? {
    left -= 1
    guard left >= 0 else { throw .fake(.readTimeout) }
    return try source.next()
  }

  func takeAudio() -> [Packet] { source.takeAudio() }
}
