import Foundation
import Backbone
import Layers
import SSDLite
import TestSupport
import Testing

@testable import Pipeline
@testable import Media

/// The pipeline on FFmpeg and the engine themselves: a network of random weights on a small clip.
@Suite(.timeLimit(.minutes(20)))
struct RealPipelineTests {
  /// Weights from the names of the tensors, so that they are the same in every run.
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

  @Test("a clip is read, scaled and looked at, the same with any number of workers")
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
    #expect(one.end(sources[1].name)?.reason?.word == "not_found")
    let timings = summary.timings
    for timing in [timings.decode, timings.scale, timings.inference, timings.postprocess] {
      #expect(timing.count == 17 && timing.total > .zero && timing.maximum <= timing.total)
    }
  }

  @Test("results carry their picture where a sink wants it, and only there")
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
}
