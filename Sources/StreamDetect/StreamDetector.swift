internal import Annotations
public import Pipeline
public import Layers
public import SSDLite
public import Models
public import Foundation

/// A detector from a model file, and the shortest way from a video to what is in it.
///
///     let detector = try StreamDetector()
///     for try await result in detector.results(of: "street.mp4") {
///       for object in result.detections {
///         print(result.t, detector.label(of: object), object.score, object.box)
///       }
///     }
///
/// It holds the weights once, however many runs use it at the same time.
public final class StreamDetector: Sendable {
  /// What the model says about itself.
  public let model: ModelDescription
  /// The network with its weights.
  public let detector: Detector

  /// Packs the weights of the built-in model for an instruction set and a precision.
  ///
  /// - Throws: `ModelFileError` where the program was built around a damaged file.
  public convenience init(isa: InstructionSet = .best, precision: Precision = .fp32) throws {
    try self.init(ModelFile.builtIn(), isa, precision)
  }

  /// Opens a model file and packs its weights for an instruction set and a precision.
  ///
  /// - Throws: `ModelFileError` where the file is missing, damaged, holds no detector, or has never been
  ///   calibrated for the precision.
  public convenience init(
    modelPath: String, isa: InstructionSet = .best, precision: Precision = .fp32
  ) throws {
    try self.init(ModelFile(path: modelPath), isa, precision)
  }

  private init(_ file: ModelFile, _ isa: InstructionSet, _ precision: Precision) throws {
    model = file.description
    detector = try file.makeDetector(isa: isa, precision: precision)
  }

  /// The thresholds that the model recommends, and otherwise the defaults of the command line.
  public var recommendedOptions: PipelineOptions {
    PipelineOptions(
      detection: DetectionOptions(
        scoreThreshold: model.scoreThreshold, iouThreshold: model.iouThreshold,
        maximumDetections: model.maximumDetections))
  }

  /// The name of an object's class, or `class 7` if the model has no name for class 7.
  public func label(of detection: Detection) -> String {
    ClassLabel.name(of: detection.classID, in: model.labels)
  }

  /// The results of one source, frame by frame: a path, a URL, a device, or `-`.
  public func results(of location: String, options: PipelineOptions? = nil) -> DetectionResults {
    results(of: [MediaSource(location)], options: options)
  }

  /// The results of one source, frame by frame.
  public func results(of url: URL, options: PipelineOptions? = nil) -> DetectionResults {
    results(of: url.isFileURL ? url.path : url.absoluteString, options: options)
  }

  /// The results of several sources: files one after the other, live sources at the same time.
  ///
  /// With `wantsPictures` each result keeps its picture.
  public func results(
    of sources: [MediaSource], options: PipelineOptions? = nil, wantsPictures: Bool = false
  ) -> DetectionResults {
    DetectionResults(
      detector: detector, options: options ?? recommendedOptions, sources: sources,
      wantsPictures: wantsPictures)
  }
}
