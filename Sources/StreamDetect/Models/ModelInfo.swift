internal import Models

/// What a model says about itself.
public struct ModelInfo: Hashable, Sendable {
  /// What a model does.
  public enum Kind: String, Hashable, Sendable {
    /// It finds boxes of objects: for ``Detector``.
    case detector
    /// It classifies whole pictures: for ``Classifier``.
    case classifier
    /// It classifies each pixel: for ``Segmenter``.
    case segmenter
  }

  /// Its name.
  public let name: String
  /// What it does.
  public let kind: Kind
  /// The names of the classes that it knows.
  ///
  /// The number of a detector's class is its place in the list plus 1; that of another model's
  /// class is its place, and a segmenter's class 0 is the background.
  public let classes: [String]
  /// Width of the network's input in pixels; pictures of any size are scaled to it.
  public let inputWidth: Int
  /// Height of the network's input in pixels.
  public let inputHeight: Int
  /// The confidence that it recommends as the smallest to report, 0 to 1.
  public let confidence: Double
  /// The overlap that it recommends as the largest between two boxes of a class, 0 to 1.
  public let overlap: Double
  /// The most objects in a frame that it recommends.
  public let maximum: Int
  /// The precisions that it can run in.
  public let precisions: [ComputePrecision]
  /// Where its weights come from.
  public let provenance: String
  /// The licence of its weights.
  public let license: String
  /// The version of the file's format.
  public let formatVersion: Int

  init(_ description: ModelDescription) {
    let architecture = description.architecture
    name = description.name
    kind =
      architecture.isDetector ? .detector : architecture.isSegmenter ? .segmenter : .classifier
    classes = Array(description.labels.dropFirst(architecture.isDetector ? 1 : 0))
    inputWidth = architecture.inputWidth
    inputHeight = architecture.inputHeight
    confidence = Double(description.scoreThreshold)
    overlap = Double(description.iouThreshold)
    maximum = description.maximumDetections
    precisions = description.quantization == nil ? [.fp32, .bf16] : ComputePrecision.allCases
    provenance = description.provenance
    license = description.license
    formatVersion = ModelDescription.format
  }
}
