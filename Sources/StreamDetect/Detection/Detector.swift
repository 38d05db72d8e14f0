public import Foundation
package import Models
package import SSDLite
internal import Layers
package import Pipeline
internal import Support

/// Finds objects in pictures, videos and live streams.
///
///     let detector = try Detector()
///     for object in try detector.objects(in: Picture(contentsOf: url)) {
///       print(object.label, object.confidence, object.box)
///     }
///
/// A detector holds the weights of its model once and can be used from any number of threads and
/// tasks at the same time. Keep it: making one takes a few hundredths of a second.
public final class Detector: Sendable {
  /// What the model says about itself.
  public let model: ModelInfo
  /// The numbers that it computes with.
  public let precision: ComputePrecision

  package let file: ModelFile
  /// The names of the classes by number; 0 is the background.
  package let labels: [String]
  /// The network by its form; its weights are packed for that.
  private let networks: Locked<[Form: SSDLite.Detector]>
  /// Analyzers of single pictures that no thread uses, by the sizes that they are for.
  let analyzers = Locked<[InputSizes: [PictureAnalyzer]]>([:])

  private struct Form: Hashable {
    /// The number of threads that share a frame.
    var threads: Int
    var size: InputSize
  }

  /// Prepares the model that is part of the library.
  ///
  /// It finds the eighty classes of COCO, among them person, car, dog and bottle.
  ///
  /// - Parameter precision: The numbers that it computes with.
  /// - Throws: ``StreamDetectError/model(_:)`` if the library was built around a damaged file.
  public convenience init(precision: ComputePrecision = .fp32) throws(StreamDetectError) {
    try self.init(StoredModel.builtIn(), precision: precision)
  }

  /// Prepares a model from a file.
  ///
  /// - Parameters:
  ///   - url: A model file; weights from elsewhere have to be imported first
  ///     (``StoredModel/importing(_:to:options:)``).
  ///   - precision: The numbers that it computes with.
  /// - Throws: ``StreamDetectError/model(_:)`` if the file is missing or damaged, isn't a detector,
  ///   or was never calibrated for the precision.
  public convenience init(
    model url: URL, precision: ComputePrecision = .fp32
  ) throws(StreamDetectError) {
    try self.init(StoredModel(contentsOf: url), precision: precision)
  }

  /// Prepares a model that was opened before.
  ///
  /// - Parameters:
  ///   - model: A model of the kind ``ModelInfo/Kind/detector``.
  ///   - precision: The numbers that it computes with.
  /// - Throws: ``StreamDetectError/model(_:)`` if the model isn't a detector, or was never
  ///   calibrated for the precision.
  public convenience init(
    _ model: StoredModel, precision: ComputePrecision = .fp32
  ) throws(StreamDetectError) {
    try self.init(model.file, labels: model.file.description.labels, precision: precision)
  }

  /// Prepares a model with other names for its classes, for frames that `frameThreads` threads
  /// share.
  package init(
    _ file: ModelFile, labels: [String], precision: ComputePrecision, frameThreads: Int = 1
  ) throws(StreamDetectError) {
    self.file = file
    self.labels = labels
    self.precision = precision
    model = ModelInfo(file.description)
    let form = Form(
      threads: frameThreads, size: InputSize(width: model.inputWidth, height: model.inputHeight))
    networks = Locked([form: try Self.network(file, precision, form)])
  }

  /// The names of the classes that it finds; the number of a class is its place plus 1.
  public var classes: [String] { Array(labels.dropFirst()) }

  /// The network at the wanted sizes, for frames that `threads` threads share; packs its weights
  /// the first time.
  ///
  /// Sets memory aside for `workers` frames at the same time, and for measuring one.
  package func pyramid(
    _ sizes: InputSizes, frameThreads threads: Int, workers: Int = 1
  ) throws(StreamDetectError) -> DetectorPyramid {
    let own = InputSize(width: model.inputWidth, height: model.inputHeight)
    var levels: [SSDLite.Detector] = []
    for size in sizes.levels(own: own) {
      levels.append(try network(Form(threads: threads, size: size), workers: workers))
    }
    return DetectorPyramid(levels)
  }

  private func network(_ form: Form, workers: Int) throws(StreamDetectError) -> SSDLite.Detector {
    try networks.withLock { networks throws(StreamDetectError) in
      let network: SSDLite.Detector
      if let known = networks[form] {
        network = known
      } else {
        network = try Self.network(file, precision, form)
        networks[form] = network
      }
      try modelErrors(of: file.path) { try network.network.reserve(sessions: workers + 1) }
      return network
    }
  }

  /// Whether the weights of that network were packed in the model file already.
  package func usesPackedWeights(_ threads: Int) throws(StreamDetectError) -> Bool {
    try pyramid(.own, frameThreads: threads).first.network.isPrepacked
  }

  private static func network(
    _ file: ModelFile, _ precision: ComputePrecision, _ form: Form
  ) throws(StreamDetectError) -> SSDLite.Detector {
    try modelErrors(of: file.path) {
      try file.makeDetector(
        precision: precision.precision, frameThreads: form.threads, size: form.size)
    }
  }
}
