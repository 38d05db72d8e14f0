internal import Annotations
package import Layers
package import Media
package import Models
internal import Pictures
internal import SSDLite

/// Classifies whole images.
///
/// Not `Sendable`: it has the memory for one image, and belongs to one thread at a time.
package final class ImageClassifier {
  /// A class and its probability.
  package struct Classification: Hashable, Sendable {
    /// Position of the class among the network's scores.
    package var classID: Int
    /// The model's name for it.
    package var label: String
    /// Its probability, 0 to 1; with a softmax those of all classes sum to 1.
    package var probability: Float
  }

  private let session: Session
  private let normalization: Normalization
  private let labels: [String]
  private let head: GraphModel.ClassifierHead
  private let scaler = Scaler()
  private let image: RGBImage

  /// Builds the network of a model file and packs its weights.
  ///
  /// `labels` replace the model's own.
  ///
  /// - Throws: `ModelFileError` if the model is not a classifier, or was never calibrated for
  ///   `precision`.
  package init(
    _ file: ModelFile, labels: [String]? = nil, isa: InstructionSet = .best,
    precision: Precision = .fp32, frameThreads: Int = 1
  ) throws {
    session = try file.makeClassifier(isa: isa, precision: precision, frameThreads: frameThreads)
      .makeSession()
    normalization = file.description.normalization
    self.labels = labels ?? file.description.labels
    head = file.classifierHead
    let input = session.network.graph.input.shape
    image = RGBImage(width: input.width, height: input.height)
  }

  /// Width of the network's input in pixels.
  package var inputWidth: Int { image.width }
  /// Height of the network's input in pixels.
  package var inputHeight: Int { image.height }

  /// The `top` most probable classes of the first frame at `location`, in descending order.
  ///
  /// - Throws: `MediaError` if the source cannot be opened or has no frame that can be decoded.
  package func classifyFirstFrame(
    of location: String, options: InputOptions = InputOptions(), top: Int
  ) throws(MediaError) -> [Classification] {
    try classify(VideoFrame.first(of: location, options: options), top: top)
  }

  /// The `top` most probable classes of a frame, in descending order.
  ///
  /// - Throws: `MediaError` if the frame's pixel format cannot be converted.
  package func classify(_ frame: VideoFrame, top: Int) throws(MediaError) -> [Classification] {
    try scaler.scale(frame, into: image)
    return image.withPixels { classify(rgb: $0, top: top) }
  }

  /// The `top` most probable classes of an image, in descending order.
  ///
  /// - Precondition: `rgb` is dense, `[inputHeight][inputWidth][3]`, red first.
  package func classify(rgb: Span<UInt8>, top: Int) -> [Classification] {
    session.setInput(rgb: rgb, normalization)
    session.run()
    let probabilities = session.withOutput(head.scores) { self.probabilities(of: $0) }
    let order = probabilities.indices.sorted {
      (probabilities[$1], $0) < (probabilities[$0], $1)
    }
    return order.prefix(top).map {
      Classification(
        classID: $0, label: ClassLabel.name(of: $0, in: labels), probability: probabilities[$0])
    }
  }

  private func probabilities(of scores: Span<Float>) -> [Float] {
    switch head.scoreForm {
    case .probabilities: scores.indices.map { scores[$0] }
    case .sigmoid: scores.indices.map { 1 / (1 + exponential(-scores[$0])) }
    case .softmax: softmax(scores)
    }
  }
}
