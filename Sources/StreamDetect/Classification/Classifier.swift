public import Foundation
internal import Media
internal import Support

/// Classifies whole pictures.
///
///     let classifier = try Classifier(model: URL(filePath: "mobilenet_v2.safetensors"))
///     for guess in try classifier.classes(of: Picture(contentsOf: url), top: 3) {
///       print(guess.label, guess.probability)
///     }
///
/// A classifier can be used from any number of threads and tasks at the same time.
public final class Classifier: Sendable {
  /// What the model says about itself.
  public let model: ModelInfo

  private let stored: StoredModel
  private let precision: ComputePrecision
  /// Classifiers that no thread uses.
  private let idle: Locked<[ImageClassifier]>

  /// Prepares a classifier from a model file.
  ///
  /// - Parameters:
  ///   - url: A model file of the kind ``ModelInfo/Kind/classifier``.
  ///   - precision: The numbers that it computes with.
  /// - Throws: ``StreamDetectError/model(_:)`` if the file is missing or damaged, holds a detector,
  ///   or was never calibrated for the precision.
  public convenience init(
    model url: URL, precision: ComputePrecision = .fp32
  ) throws(StreamDetectError) {
    try self.init(StoredModel(contentsOf: url), precision: precision)
  }

  /// Prepares a classifier from a model that was opened before.
  ///
  /// - Parameters:
  ///   - model: A model of the kind ``ModelInfo/Kind/classifier``.
  ///   - precision: The numbers that it computes with.
  /// - Throws: ``StreamDetectError/model(_:)`` if the model is a detector, or was never calibrated
  ///   for the precision.
  public init(
    _ model: StoredModel, precision: ComputePrecision = .fp32
  ) throws(StreamDetectError) {
    stored = model
    self.precision = precision
    self.model = model.info
    idle = Locked([try Self.make(model, precision)])
  }

  /// The most probable classes of a picture, in descending order.
  ///
  /// Computes on the calling thread.
  ///
  /// - Parameters:
  ///   - picture: From a file, from memory, or of a frame.
  ///   - top: The maximum number of classes, at least 1.
  /// - Returns: Up to `top` classes.
  /// - Throws: ``StreamDetectError/options(_:)`` if `top` is less than 1, and
  ///   ``StreamDetectError/media(_:)`` if FFmpeg cannot convert the picture's pixel format.
  public func classes(
    of picture: Picture, top: Int = 5
  ) throws(StreamDetectError) -> [ClassGuess] {
    try require(top >= 1, "top", top, "at least 1")
    let classifier: ImageClassifier
    if let found = idle.withLock({ $0.popLast() }) {
      classifier = found
    } else {
      classifier = try Self.make(stored, precision)
    }
    defer { idle.withLock { $0.append(classifier) } }
    do throws(MediaError) {
      return try classifier.classify(picture.frame, top: top).map {
        ClassGuess(label: $0.label, classID: $0.classID, probability: Double($0.probability))
      }
    } catch {
      throw .media(MediaFailure(error))
    }
  }

  private static func make(
    _ model: StoredModel, _ precision: ComputePrecision
  ) throws(StreamDetectError) -> ImageClassifier {
    try modelErrors(of: model.path) {
      try ImageClassifier(model.file, precision: precision.precision)
    }
  }
}

/// A class of a picture, and its probability.
public struct ClassGuess: Hashable, Sendable, Codable {
  /// The name of the class.
  public let label: String
  /// The number of the class in the model, from 0.
  public let classID: Int
  /// Its probability, 0 to 1.
  public let probability: Double
}
