internal import Geometry

/// How the picture moved since the last frame because the camera did.
public struct CameraMotion: Hashable, Sendable {
  /// Pixels to the right by which still things moved in the picture.
  public var x: Double
  /// Pixels downwards.
  public var y: Double

  /// Creates a motion.
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  /// Whether both numbers are finite and of a plausible size.
  var isUsable: Bool { x.magnitude <= PixelBox.farthest && y.magnitude <= PixelBox.farthest }
}
