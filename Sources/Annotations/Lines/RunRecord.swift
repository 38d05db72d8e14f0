public import Foundation

/// What ran: the program, the model, the machine and the options.
///
/// `stream-detect` writes all of it; lines of older versions and of other programs may lack any
/// part.
public struct RunRecord: Hashable, Sendable {
  /// The model that was used.
  public struct Model: Hashable, Sendable {
    /// Its name.
    public var name: String?
    /// SHA-256 of its file in hexadecimal digits.
    public var sha256: String?
    /// Width of its input in pixels.
    public var inputWidth: Int?
    /// Height of its input in pixels.
    public var inputHeight: Int?
    /// How many classes it has, not counting the background.
    public var classCount: Int?
    /// The names of its classes by class id, from class 1: the background is left out.
    ///
    /// Those of a classifier and of a segmenter begin with class 0.
    public var classes: [String]?
    /// Whether it classifies whole frames.
    public var isClassifier = false
    /// Whether it classifies pixels.
    public var isSegmenter = false

    /// Describes a model; `labels` are the names of its classes by class id, 0 the background.
    public init(
      name: String, sha256: String, inputWidth: Int, inputHeight: Int, labels: [String]
    ) {
      self.name = name
      self.sha256 = sha256
      self.inputWidth = inputWidth
      self.inputHeight = inputHeight
      classCount = max(labels.count - 1, 0)
      classes = Array(labels.dropFirst())
    }

    /// Describes a classifier; `classes` are the names of its classes by class id, from 0.
    public init(
      classifier name: String, sha256: String, inputWidth: Int, inputHeight: Int,
      classes: [String]
    ) {
      self.name = name
      self.sha256 = sha256
      self.inputWidth = inputWidth
      self.inputHeight = inputHeight
      classCount = classes.count
      self.classes = classes
      isClassifier = true
    }

    /// Describes a segmenter; `classes` are the names of its classes by class id, 0 the background.
    public init(
      segmenter name: String, sha256: String, inputWidth: Int, inputHeight: Int,
      classes: [String]
    ) {
      self.init(
        classifier: name, sha256: sha256, inputWidth: inputWidth, inputHeight: inputHeight,
        classes: classes)
      (isClassifier, isSegmenter) = (false, true)
    }
  }

  /// What computed the results.
  public struct Backend: Hashable, Sendable {
    /// Instruction set of the kernels.
    public var simd: String?
    /// Precision of the arithmetic.
    public var precision: String?
    /// How many threads computed.
    public var threads: Int?

    /// Describes a backend.
    public init(simd: String, precision: String, threads: Int) {
      self.simd = simd
      self.precision = precision
      self.threads = threads
    }
  }

  /// The options that decide about the results.
  ///
  /// All but the first three, and of a classifier the fourth, are `nil` or false unless they were
  /// asked for.
  public struct Options: Hashable, Sendable {
    /// Tiles in which frames are analysed in addition to the whole frame.
    public enum Tiles: Hashable, Sendable {
      /// Grids that the program chooses for each source.
      case automatic
      /// Grids of so many tiles per row and column.
      case grids([Int])
    }

    /// Input sizes at which frames are analysed.
    public enum Sizes: Hashable, Sendable {
      /// Sizes that the program chooses for each source.
      case automatic
      /// Sizes as in `512x288`.
      case sizes([String])
    }

    /// The smallest confidence that is reported.
    public var scoreThreshold: Double?
    /// The overlap from which one of two boxes is suppressed.
    public var iouThreshold: Double?
    /// The most objects in a frame.
    public var maximumDetections: Int?
    /// How many classes a classifier reports of each frame.
    public var top: Int?
    /// Every how manyth frame is processed.
    public var stride: Int?
    /// Frames per second of the source that are processed.
    public var fps: Double?
    /// Seconds between processed frames.
    public var every: Double?
    /// Whether only keyframes are processed.
    public var usesKeyframesOnly = false
    /// Tiles that were asked for.
    public var tiles: Tiles?
    /// Input sizes that were asked for.
    public var sizes: Sizes?
    /// What was hidden from the network, as on the command line.
    public var masks: [String] = []
    /// What was analysed at full detail, as on the command line.
    public var regions: [String] = []
    /// How objects were tracked; `nil` for not at all.
    public var tracking: Tracking?
    /// The zones that events were looked for at.
    public var zones: [Place] = []
    /// The lines that events were looked for at.
    public var lines: [Place] = []
    /// Whether boxes suppress each other across classes.
    public var isClassAgnostic = false
    /// The ids of the classes that are reported; `nil` for all.
    public var classes: [Int]?
    /// Where processing starts, in seconds.
    public var start: Double?
    /// Where processing ends, in seconds.
    public var end: Double?
    /// The length of what is processed, in seconds.
    public var duration: Double?
    /// The number of frames after which a source ends.
    public var limit: Int?

    /// Creates options of which only the thresholds are set.
    public init(scoreThreshold: Double, iouThreshold: Double, maximumDetections: Int) {
      self.scoreThreshold = scoreThreshold
      self.iouThreshold = iouThreshold
      self.maximumDetections = maximumDetections
    }

    /// Creates options of a segmenter, which reports all classes.
    public init() {}

    /// Creates options of a classifier, which reports so many classes of each frame.
    public init(top: Int) { self.top = top }
  }

  /// The version of the program.
  public var tool: String?
  /// The id of the run; no two runs share one.
  public var runID: String?
  /// When the run began.
  public var started: Date?
  /// The model.
  public var model: Model?
  /// What computed the results.
  public var backend: Backend?
  /// The options that decide about the results.
  public var options: Options?

  /// Creates a record from its parts.
  public init(
    tool: String, runID: String, started: Date, model: Model, backend: Backend, options: Options
  ) {
    self.tool = tool
    self.runID = runID
    self.started = started
    self.model = model
    self.backend = backend
    self.options = options
  }

  /// The names of the classes that were searched for; `nil` in lines of older versions.
  public var searchedClasses: [String]? {
    guard let names = model?.classes, let ids = options?.classes else { return model?.classes }
    return ids.filter { $0 > 0 && $0 <= names.count }.map { names[$0 - 1] }
  }
}
