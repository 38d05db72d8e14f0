internal import Annotations
internal import SSDLite
internal import Foundation
internal import Layers
internal import Media
internal import Models
internal import Output
internal import Pictures

/// Says what the first frame of a source shows.
struct ImageClassifier {
  /// A class and how likely it is.
  struct Class {
    var id: Int
    var label: String
    /// 0 to 1; all classes together 1.
    var probability: Float
  }

  private let network: Network
  private let session: Session
  private let normalization: Normalization
  private let labels: [String]
  private let head: GraphModel.ClassifierHead
  private let scaler = Scaler()
  private let image: RGBImage

  init(
    network: Network, head: GraphModel.ClassifierHead, normalization: Normalization,
    labels: [String]
  ) {
    self.network = network
    self.head = head
    self.normalization = normalization
    self.labels = labels
    session = network.makeSession()
    let input = network.graph.input.shape
    image = RGBImage(width: input.width, height: input.height)
  }

  /// The `top` likeliest classes of the image at `location`, the best first.
  ///
  /// - Throws: `MediaError` where there is no image to be had.
  func classify(_ location: String, top: Int) throws(MediaError) -> [Class] {
    let reader = try VideoReader(location, options: InputOptions(), cancellation: Cancellation())
    guard let frame = try reader.next() else {
      throw MediaError(
        .invalidData, source: location, message: "None of its frames could be decoded.",
        remedy: "Check that the file is whole.")
    }
    try scaler.scale(frame, into: image)
    image.withPixels { session.setInput(rgb: $0, normalization) }
    session.run()
    let probabilities = session.withOutput(head.scores) { self.probabilities($0) }
    let order = probabilities.indices.sorted {
      (probabilities[$1], $0) < (probabilities[$0], $1)
    }
    return order.prefix(top).map {
      Class(
        id: $0, label: ClassLabel.name(of: $0, in: labels), probability: probabilities[$0])
    }
  }

  private func probabilities(_ scores: Span<Float>) -> [Float] {
    var values = [Float](repeating: 0, count: scores.count)
    for index in scores.indices { values[index] = scores[index] }
    switch head.scoreForm {
    case .probabilities: return values
    case .sigmoid: return values.map { 1 / (1 + exp(-$0)) }
    case .softmax: break
    }
    let largest = values.max() ?? 0
    let powers = values.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
