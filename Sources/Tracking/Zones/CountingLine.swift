public import Geometry
internal import Support

/// A line across the picture whose crossings are counted.
///
/// Seen by someone who goes from its first point to its last, an object that goes from the left to
/// the right of the line goes `in`, one from the right to the left goes `out`. A line that is drawn
/// from the left of the picture to its right is crossed inwards by what comes down, towards the
/// camera.
public struct CountingLine: Hashable, Sendable {
  /// In which direction a line was crossed.
  public enum Direction: String, CaseIterable, Hashable, Sendable {
    /// From its left to its right.
    case `in`
    /// From its right to its left.
    case out
  }

  /// What it is called.
  public let name: String
  /// Its points, in order.
  public let points: [Point]
  /// What the coordinates count.
  public let unit: CoordinateUnit
  /// The point of a box that has to cross it.
  public let anchor: BoxAnchor
  /// The names of the classes that count; `nil` for all.
  public var classes: Set<String>?

  /// Creates a line.
  ///
  /// - Throws: `ZoneError` for fewer than two points, points that aren't finite or lie outside of
  ///   the picture, and a line that crosses or touches itself.
  public init(
    name: String, points: [Point], unit: CoordinateUnit = .fractions, anchor: BoxAnchor = .bottom,
    classes: Set<String>? = nil
  ) throws(ZoneError) {
    self.name = name
    self.points = points
    self.unit = unit
    self.anchor = anchor
    self.classes = classes
    try outline.check(name: name)
  }

  var outline: Outline {
    Outline(
      subject: "line '\(UnsafeText.escaped(name))'", points: points, unit: unit, isClosed: false)
  }
}
