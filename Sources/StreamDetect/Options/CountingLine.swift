internal import Geometry
package import Tracking

/// A line across the picture whose crossings are counted.
///
///     let gate = CountingLine(name: "gate", points: [(0.2, 0.5), (0.8, 0.5)])
///
/// Seen by someone who goes from its first point to its last, an object that goes from the left to
/// the right of the line goes in. A line from the left of the picture to its right is crossed
/// inwards by what comes down, towards the camera. A box that jitters on the line counts once.
public struct CountingLine: Hashable, Sendable {
  /// What it is called.
  public var name: String
  /// Its points, in order.
  public var points: [Zone.Corner]
  /// What the coordinates count.
  public var unit: Zone.Unit
  /// The point of a box that has to cross it.
  public var anchor: Zone.Anchor
  /// The classes that count, by name or by number; `nil` for all.
  public var classes: [String]?

  /// Creates a line; it is checked when it is used.
  ///
  /// - Parameters:
  ///   - name: What it is called; no other line has the same name.
  ///   - points: At least two points, as pairs of x and y.
  ///   - unit: What the coordinates count.
  ///   - anchor: The point of a box that has to cross it.
  ///   - classes: The classes that count, by name or by number; `nil` for all.
  public init(
    name: String, points: [(Double, Double)], unit: Zone.Unit = .fractions,
    anchor: Zone.Anchor = .bottom, classes: [String]? = nil
  ) {
    self.name = name
    self.points = points.map { Zone.Corner(x: $0.0, y: $0.1) }
    self.unit = unit
    self.anchor = anchor
    self.classes = classes
  }
}

extension CountingLine {
  /// The same line, from the tracker's terms.
  package init(_ line: Tracking.CountingLine) {
    self.init(
      name: line.name, points: line.points.map { ($0.x, $0.y) }, unit: Zone.Unit(line.unit),
      anchor: Zone.Anchor(line.anchor), classes: line.classes?.sorted())
  }

  /// The line in the tracker's terms, with these classes.
  func line(classes: Set<String>?) throws(ZoneError) -> Tracking.CountingLine {
    try Tracking.CountingLine(
      name: name, points: points.map(\.point), unit: unit.unit, anchor: anchor.anchor,
      classes: classes)
  }
}
