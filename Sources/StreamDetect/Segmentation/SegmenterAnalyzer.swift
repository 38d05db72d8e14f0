internal import Geometry
internal import Layers
internal import Models
internal import Pictures
package import Pipeline
package import SSDLite

/// Gives each worker of a run an image segmenter; all share one network.
///
/// In the pipeline's terms, a frame's classes are detections that cover all of it and whose scores
/// are their shares of the pixels, so a segmenter has the same queues, order and accounts as a
/// detector. The class of each pixel goes with the result if an output needs it.
package struct SegmenterAnalyzerFactory: FrameAnalyzerFactory {
  private let file: ModelFile
  private let network: Network
  private let keepsMaps: Bool

  /// Makes a factory for analyzers; `keepsMaps` says whether results carry the class of each pixel.
  init(_ file: ModelFile, network: Network, keepsMaps: Bool) {
    self.file = file
    self.network = network
    self.keepsMaps = keepsMaps
  }

  package var sizes: [InputSize] {
    let shape = network.graph.input.shape
    return [InputSize(width: shape.width, height: shape.height)]
  }

  package func makeAnalyzers() -> [any FrameAnalyzer] {
    [SegmenterAnalyzer(ImageSegmenter(file, network: network), keepsMaps: keepsMaps)]
  }
}

private final class SegmenterAnalyzer: FrameAnalyzer {
  private let segmenter: ImageSegmenter
  private let keepsMaps: Bool
  private var size = (width: 0, height: 0)
  private var pixelClasses: PixelClasses?

  init(_ segmenter: ImageSegmenter, keepsMaps: Bool) {
    self.segmenter = segmenter
    self.keepsMaps = keepsMaps
  }

  func prepare(_ frame: Frame, region: PixelRegion) throws -> PixelRegion {
    guard let picture = frame.picture else { preconditionFailure("a frame without its picture") }
    try segmenter.prepare(picture)
    size = (frame.width, frame.height)
    return region
  }

  func detect(timings: inout StageTimings) -> [Detection] {
    let began = ContinuousClock.now
    segmenter.run()
    let inferred = ContinuousClock.now
    let map = segmenter.map(width: size.width, height: size.height)
    if keepsMaps { pixelClasses = map }
    timings.inference.add(began.duration(to: inferred))
    let whole = BoundingBox(xMin: 0, yMin: 0, xMax: 1, yMax: 1)
    let shares = map.shares
    let found = map.byFallingShare.map {
      Detection(classID: $0, score: Float(shares[$0]), box: whole)
    }
    timings.postprocess.add(inferred.duration(to: .now))
    return found
  }

  func takePixelClasses() -> PixelClasses? {
    defer { pixelClasses = nil }
    return pixelClasses
  }
}

extension PixelClasses {
  /// The classes that have pixels, those with most first.
  var byFallingShare: [Int] {
    counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
  }
}
