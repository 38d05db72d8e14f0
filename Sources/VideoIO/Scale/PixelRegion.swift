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
}

extension Orientation {
  /// The part of the coded picture that is shown in a part of the displayed one.
  ///
  /// Takes the displayed size.
  func coded(_ shown: PixelRegion, width: Int, height: Int) -> PixelRegion {
    let x = flipsX ? width - shown.x - shown.width : shown.x
    let y = flipsY ? height - shown.y - shown.height : shown.y
    return swapsAxes
      ? PixelRegion(x: y, y: x, width: shown.height, height: shown.width)
      : PixelRegion(x: x, y: y, width: shown.width, height: shown.height)
  }

  /// The part of the displayed picture that shows a part of the coded one.
  ///
  /// Takes the displayed size.
  func shown(_ coded: PixelRegion, width: Int, height: Int) -> PixelRegion {
    var shown = coded
    if swapsAxes {
      shown = PixelRegion(x: coded.y, y: coded.x, width: coded.height, height: coded.width)
    }
    if flipsX { shown.x = width - shown.x - shown.width }
    if flipsY { shown.y = height - shown.y - shown.height }
    return shown
  }
}
