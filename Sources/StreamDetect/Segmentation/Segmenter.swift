public import Foundation
internal import Annotations
internal import Layers
internal import Media
internal import Models
internal import Pictures
internal import Support

/// Gives each pixel of a picture a class.
///
///     let segmenter = try Segmenter(model: URL(filePath: "lraspp_mobilenet_v3_large.safetensors"))
///     let segmentation = try segmenter.segmentation(of: Picture(contentsOf: url))
///     for segment in segmentation.segments { print(segment.label, segment.share) }
///
/// A segmenter can be used from any number of threads and tasks at the same time.
public final class Segmenter: Sendable {
  /// What the model says about itself.
  public let model: ModelInfo

  private let stored: StoredModel
  private let network: Network
  /// Segmenters that no thread uses.
  private let idle: Locked<[ImageSegmenter]>

  /// Prepares a segmenter from a model file.
  ///
  /// - Parameters:
  ///   - url: A model file of the kind ``ModelInfo/Kind/segmenter``.
  ///   - precision: The numbers that it computes with.
  /// - Throws: ``StreamDetectError/model(_:)`` if the file is missing or damaged, holds another
  ///   kind of model, or was never calibrated for the precision.
  public convenience init(
    model url: URL, precision: ComputePrecision = .fp32
  ) throws(StreamDetectError) {
    try self.init(StoredModel(contentsOf: url), precision: precision)
  }

  /// Prepares a segmenter from a model that was opened before.
  ///
  /// - Parameters:
  ///   - model: A model of the kind ``ModelInfo/Kind/segmenter``.
  ///   - precision: The numbers that it computes with.
  /// - Throws: ``StreamDetectError/model(_:)`` if the model is of another kind, or was never
  ///   calibrated for the precision.
  public init(
    _ model: StoredModel, precision: ComputePrecision = .fp32
  ) throws(StreamDetectError) {
    stored = model
    self.model = model.info
    network = try modelErrors(of: model.path) {
      try model.file.makeSegmenter(precision: precision.precision)
    }
    idle = Locked([])
  }

  /// The class of each pixel of a picture.
  ///
  /// The whole picture is scaled to the network's input, and its classes back to the picture's
  /// size. Computes on the calling thread.
  ///
  /// - Parameter picture: From a file, from memory, or of a frame.
  /// - Returns: The classes, and their shares of the picture.
  /// - Throws: ``StreamDetectError/media(_:)`` if FFmpeg cannot convert the picture's pixel format.
  public func segmentation(of picture: Picture) throws(StreamDetectError) -> Segmentation {
    let segmenter =
      idle.withLock { $0.popLast() } ?? ImageSegmenter(stored.file, network: network)
    defer { idle.withLock { $0.append(segmenter) } }
    do throws(MediaError) {
      let map = try segmenter.segment(picture.frame)
      let shares = map.shares
      return Segmentation(
        width: map.width, height: map.height, classIDs: map.classIDs,
        segments: map.byFallingShare.map {
          Segmentation.Segment(
            label: ClassLabel.name(of: $0, in: model.classes), classID: $0, share: shares[$0])
        })
    } catch {
      throw .media(MediaFailure(error))
    }
  }
}

/// The class of each pixel of a picture, and the share of each class.
public struct Segmentation: Hashable, Sendable {
  /// A class that has pixels.
  public struct Segment: Hashable, Sendable, Codable {
    /// The name of the class.
    public let label: String
    /// The number of the class in the model; 0 is the background.
    public let classID: Int
    /// Its share of the picture's pixels, 0 to 1.
    public let share: Double
  }

  /// Width of the picture in pixels.
  public let width: Int
  /// Height of the picture in pixels.
  public let height: Int
  /// The number of each pixel's class, row by row: `width * height` bytes.
  public let classIDs: [UInt8]
  /// The classes that have pixels, by falling share.
  public let segments: [Segment]
}
