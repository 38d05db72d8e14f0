/// A rectangle in pixels of a picture as displayed: the upper left corner and the size.
public struct PixelRectangle: Hashable, Sendable, Codable {
  /// Left edge, from the left side of the picture.
  public var x: Double
  /// Upper edge, from the top of the picture.
  public var y: Double
  /// From the left to the right edge.
  public var width: Double
  /// From the upper to the lower edge.
  public var height: Double

  /// Creates a rectangle.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

/// A rectangle in fractions of a picture, 0 to 1 in each direction: the upper left corner and the
/// size.
public struct RelativeRectangle: Hashable, Sendable, Codable {
  /// Left edge, as a fraction of the picture's width.
  public var x: Double
  /// Upper edge, as a fraction of the picture's height.
  public var y: Double
  /// Width, as a fraction of the picture's.
  public var width: Double
  /// Height, as a fraction of the picture's.
  public var height: Double

  /// Creates a rectangle.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The same rectangle in pixels of a picture of this size.
  public func pixels(width: Int, height: Int) -> PixelRectangle {
    PixelRectangle(
      x: x * Double(width), y: y * Double(height), width: self.width * Double(width),
      height: self.height * Double(height))
  }
}
