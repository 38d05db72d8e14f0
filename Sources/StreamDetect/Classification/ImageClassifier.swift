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
  package convenience init(
    _ file: ModelFile, labels: [String]? = nil, isa: InstructionSet = .best,
    precision: Precision = .fp32, frameThreads: Int = 1
  ) throws {
    self.init(
      file,
      network: try file.makeClassifier(
        isa: isa, precision: precision, frameThreads: frameThreads),
      labels: labels)
  }

  /// Makes a classifier with a network of the file that others may share.
  init(_ file: ModelFile, network: Network, labels: [String]? = nil) {
    session = network.makeSession()
    normalization = file.description.normalization
    self.labels = labels ?? file.description.labels
    head = file.classifierHead
    let input = network.graph.input.shape
    image = RGBImage(width: input.width, height: input.height)
  }

  /// Width of the network's input in pixels.
  package var inputWidth: Int { image.width }
  /// Height of the network's input in pixels.
  package var inputHeight: Int { image.height }

  /// The `top` most probable classes of a frame, in descending order.
  ///
  /// - Throws: `MediaError` if the frame's pixel format cannot be converted.
  package func classify(_ frame: VideoFrame, top: Int) throws(MediaError) -> [Classification] {
    try prepare(frame)
    run()
    return best(top)
  }

  /// Makes the network's input of a frame; after that the frame isn't needed.
  ///
  /// - Throws: `MediaError` if the frame's pixel format cannot be converted.
  func prepare(_ frame: VideoFrame) throws(MediaError) { try scaler.scale(frame, into: image) }

  /// Runs the network on the frame that was prepared last.
  func run() {
    image.withPixels { session.setInput(rgb: $0, normalization) }
    session.run()
  }

  /// The `top` most probable classes of an image, in descending order.
  ///
  /// - Precondition: `rgb` is dense, `[inputHeight][inputWidth][3]`, red first.
  package func classify(rgb: Span<UInt8>, top: Int) -> [Classification] {
    session.setInput(rgb: rgb, normalization)
    session.run()
    return best(top)
  }

  /// The `top` most probable classes of the last run, in descending order.
  func best(_ top: Int) -> [Classification] {
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
