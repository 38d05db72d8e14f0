public import Geometry

/// What was found in one image or frame.
public struct PredictedFrame: Sendable {
  /// An object that was found.
  public struct Object: Sendable {
    /// What its class is called.
    public var label: String
    /// How sure the detector is.
    public var score: Double
    /// Where it is, in pixels of the frame.
    public var box: PixelBox

    /// Creates an object.
    public init(label: String, score: Double, box: PixelBox) {
      self.label = label
      self.score = score
      self.box = box
    }
  }

  /// The name of the source.
  public var source: String
  /// The place of the frame in its source, from 0.
  public var index: Int
  /// Pixels in a line, where known.
  public var width: Int?
  /// Lines, where known.
  public var height: Int?
  /// What was found, in the order of the file.
  public var objects: [Object]

  /// Creates a frame.
  public init(source: String, index: Int, width: Int?, height: Int?, objects: [Object]) {
    self.source = source
    self.index = index
    self.width = width
    self.height = height
    self.objects = objects
  }
}

/// Results that were read from a file.
public struct PredictionFile: Sendable {
  /// What the results are about.
  public enum Content: Sendable {
    /// Frames of named sources: JSON lines.
    case frames([PredictedFrame])
    /// Objects by image id, each with the id of its category: COCO's results.
    case results([EntryID: [COCOResult]])
  }

  /// An object in a list of COCO results.
  public struct COCOResult: Sendable {
    /// The category of the truth.
    public var categoryID: EntryID
    /// How sure the detector is.
    public var score: Double
    /// Where it is, in pixels of the image.
    public var box: PixelBox
  }

  /// What was read.
  public var content: Content
  /// How many classes the model has, where the file says so.
  public var classCount: Int?
  /// The names of the classes that were looked for, where the file says so.
  public var classNames: [String]?
}
