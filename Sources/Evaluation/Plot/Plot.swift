/// A drawing of lines and text that can be written as SVG or drawn in pixels.
public struct Plot: Sendable {
  /// A point, in units of the plot from its upper left corner.
  public struct Point: Hashable, Sendable {
    /// Distance from the left edge.
    public var x: Double
    /// Distance from the upper edge.
    public var y: Double

    /// Creates a point.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Which part of a text is placed at its point.
  public enum Anchor: Sendable {
    /// Its start.
    case start
    /// Its middle.
    case middle
    /// Its end.
    case end
  }

  /// A line or a text; colours are `0xRRGGBB`.
  public enum Part: Sendable {
    /// Straight lines from point to point, dashed or not.
    case line([Point], color: UInt32, width: Double, isDashed: Bool)
    /// A line of text whose baseline runs through a point; `size` is the font's in units.
    case text(String, at: Point, size: Double, color: UInt32, anchor: Anchor)
  }

  /// Width in units.
  public let width: Double
  /// Height in units.
  public let height: Double
  /// What is drawn on a white background, from back to front.
  public internal(set) var parts: [Part] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// The style of a class: one of ten colours that are easy to tell apart on white, then the same
  /// ones dashed.
  static func style(of index: Int) -> (color: UInt32, isDashed: Bool) {
    let colors: [UInt32] = [
      0x1F77B4, 0xFF7F0E, 0x2CA02C, 0xD62728, 0x9467BD, 0x8C564B, 0xE377C2, 0x17BECF, 0xBCBD22,
      0x5F5F5F,
    ]
    return (colors[index % colors.count], index / colors.count % 2 == 1)
  }
}
