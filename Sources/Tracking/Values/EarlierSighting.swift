public import Geometry

/// Where an object was detected before its track had a number.
public struct EarlierSighting: Hashable, Sendable {
  /// When the frame was shown, in seconds.
  public var time: Double
  /// The box of the detection, in pixels.
  public var box: PixelBox
  /// How sure the detector was, 0...1.
  public var score: Double

  /// Creates a value from its parts.
  public init(time: Double, box: PixelBox, score: Double) {
    self.time = time
    self.box = box
    self.score = score
  }
}
