internal import Geometry
internal import Layers
internal import Models
package import Pipeline
package import SSDLite

/// Gives each worker of a run an image classifier; all share one network.
///
/// In the pipeline's terms, the most probable classes of a frame are detections that cover all of
/// it, so a classifier has the same queues, order and accounts as a detector.
package struct ClassifierAnalyzerFactory: FrameAnalyzerFactory {
  private let file: ModelFile
  private let network: Network
  private let top: Int

  /// Makes a factory for analyzers that report the `top` most probable classes.
  init(_ file: ModelFile, network: Network, top: Int) {
    self.file = file
    self.network = network
    self.top = top
  }

  package var sizes: [InputSize] {
    let shape = network.graph.input.shape
    return [InputSize(width: shape.width, height: shape.height)]
  }

  package func makeAnalyzers() -> [any FrameAnalyzer] {
    [ClassifierAnalyzer(ImageClassifier(file, network: network), top: top)]
  }
}

private final class ClassifierAnalyzer: FrameAnalyzer {
  private let classifier: ImageClassifier
  private let top: Int

  init(_ classifier: ImageClassifier, top: Int) {
    self.classifier = classifier
    self.top = top
  }

  func prepare(_ frame: Frame, region: PixelRegion) throws -> PixelRegion {
    guard let picture = frame.picture else { preconditionFailure("a frame without its picture") }
    try classifier.prepare(picture)
    return region
  }

  func detect(timings: inout StageTimings) -> [Detection] {
    let began = ContinuousClock.now
    classifier.run()
    let inferred = ContinuousClock.now
    let whole = BoundingBox(xMin: 0, yMin: 0, xMax: 1, yMax: 1)
    let classes = classifier.best(top).map {
      Detection(classID: $0.classID, score: $0.probability, box: whole)
    }
    timings.inference.add(began.duration(to: inferred))
    timings.postprocess.add(inferred.duration(to: .now))
    return classes
  }
}
