public import Geometry

/// An object that was found in a frame.
public struct Detection: Codable, Hashable, Sendable {
  /// Position in the model's list of labels; 0 is the background, so never 0 in a result.
  public var classID: Int
  /// How sure the network is, 0...1.
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
