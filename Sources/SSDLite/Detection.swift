public import Geometry

/// An object that was found in a frame.
public struct Detection: Codable, Hashable, Sendable {
  /// Index in the model's list of labels; never 0 in a result, as 0 is the background.
  public var classID: Int
  /// The network's confidence, 0...1.
  public var score: Float
  /// Where it is, in fractions of the frame.
  public var box: BoundingBox

  /// Creates a detection.
  public init(classID: Int, score: Float, box: BoundingBox) {
    self.classID = classID
    self.score = score
    self.box = box
  }
}
