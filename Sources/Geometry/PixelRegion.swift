/// A rectangle of whole pixels of a displayed frame.
public struct PixelRegion: Hashable, Sendable {
  /// The first column.
  public var x: Int
  /// The first row.
  public var y: Int
  /// The number of columns.
  public var width: Int
  /// The number of rows.
  public var height: Int

  /// Creates a region from its upper left corner and size.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Whether the region isn't empty and lies entirely inside a frame of this size.
  public func isInside(width: Int, height: Int) -> Bool {
    // `x + width` could overflow.
    x >= 0 && y >= 0 && self.width > 0 && self.height > 0 && self.width <= width
      && self.height <= height && x <= width - self.width && y <= height - self.height
  }

  /// Creates a region from its edges; `right` and `bottom` are exclusive.
  public init(left: Int, top: Int, right: Int, bottom: Int) {
    self.init(x: left, y: top, width: right - left, height: bottom - top)
  }

  /// The first column to the right of the region.
  public var right: Int { x + width }

  /// The first row below the region.
  public var bottom: Int { y + height }

  /// The part inside a frame of `width` by `height` pixels; `nil` if there is none.
  public func clipped(width: Int, height: Int) -> PixelRegion? {
    let inside = PixelRegion(
      left: max(x, 0), top: max(y, 0), right: min(right, width), bottom: min(bottom, height))
    return inside.width > 0 && inside.height > 0 ? inside : nil
  }

  /// The region in fractions of a frame of `width` by `height` pixels.
  package func fractions(width: Int, height: Int) -> BoundingBox {
    let (columns, rows) = (Float(width), Float(height))
    return BoundingBox(
      xMin: Float(x) / columns, yMin: Float(y) / rows, xMax: Float(right) / columns,
      yMax: Float(bottom) / rows)
  }
}
