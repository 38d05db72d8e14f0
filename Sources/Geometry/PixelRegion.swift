/// A rectangle of whole pixels of a frame as it is shown.
public struct PixelRegion: Hashable, Sendable {
  /// The first column.
  public var x: Int
  /// The first row.
  public var y: Int
  /// How many columns.
  public var width: Int
  /// How many rows.
  public var height: Int

  /// Makes a region from its parts.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Whether it holds at least one pixel, and none outside a frame of this size.
  public func isInside(width: Int, height: Int) -> Bool {
    // Compared without a sum, which could overflow.
    x >= 0 && y >= 0 && self.width > 0 && self.height > 0 && self.width <= width
      && self.height <= height && x <= width - self.width && y <= height - self.height
  }

  /// Makes a region from its edges; `right` and `bottom` are just outside it.
  public init(left: Int, top: Int, right: Int, bottom: Int) {
    self.init(x: left, y: top, width: right - left, height: bottom - top)
  }

  /// The first column to the right of it.
  public var right: Int { x + width }

  /// The first row below it.
  public var bottom: Int { y + height }

  /// The part inside a frame of `width` by `height` pixels; `nil` where there is none.
  public func clipped(width: Int, height: Int) -> PixelRegion? {
    let inside = PixelRegion(
      left: max(x, 0), top: max(y, 0), right: min(right, width), bottom: min(bottom, height))
    return inside.width > 0 && inside.height > 0 ? inside : nil
  }
}
