internal import Geometry

/// The size of a frame in pixels.
public struct FrameSize: Hashable, Sendable {
  /// Width in pixels.
  public var width: Double
  /// Height in pixels.
  public var height: Double

  /// Creates a size.
  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// Whether both sides are positive and of a plausible size.
  var isUsable: Bool {
    width > 0 && height > 0 && width <= PixelBox.farthest && height <= PixelBox.farthest
  }

  /// The part of `box` inside the frame; of no width or height if there is none.
  func clip(_ box: PixelBox) -> PixelBox {
    let left = min(max(box.x, 0), width)
    let top = min(max(box.y, 0), height)
    return PixelBox(
      x: left, y: top, width: max(min(box.x + box.width, width) - left, 0),
      height: max(min(box.y + box.height, height) - top, 0))
  }
}
