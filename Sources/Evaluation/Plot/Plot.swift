/// A drawing of lines and text, to be written as SVG or drawn in pixels.
public struct Plot: Sendable {
  /// A place, in units of the plot from its upper left corner.
  public struct Point: Hashable, Sendable {
    /// To the right.
    public var x: Double
    /// Downwards.
    public var y: Double

    /// Creates a point.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Which end of a text stands at its place.
  public enum Anchor: Sendable {
    /// The first letter.
    case start
    /// The middle.
    case middle
    /// The last letter.
    case end
  }

  /// A part of a drawing, in the order of drawing; colours are `0xRRGGBB`.
  public enum Part: Sendable {
    /// Straight lines from point to point, dashed or not.
    case line([Point], color: UInt32, width: Double, isDashed: Bool)
    /// A line of text on a base line, `size` units an em.
    case text(String, at: Point, size: Double, color: UInt32, anchor: Anchor)
  }

  /// Units from left to right.
  public let width: Double
  /// Units from top to bottom.
  public let height: Double
  /// What is drawn on white, from back to front.
  public internal(set) var parts: [Part] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// A color for each class: ten that differ well on white, the eleventh is the first one dashed.
  static func style(of index: Int) -> (color: UInt32, isDashed: Bool) {
    let colors: [UInt32] = [
      0x1F77B4, 0xFF7F0E, 0x2CA02C, 0xD62728, 0x9467BD, 0x8C564B, 0xE377C2, 0x17BECF, 0xBCBD22,
      0x5F5F5F,
    ]
    return (colors[index % colors.count], index / colors.count % 2 == 1)
  }
}
