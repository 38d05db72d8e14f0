internal import Geometry
package import Tracking

/// A part of the picture that objects enter and leave.
///
///     let door = Zone(
///       name: "door", points: [(0.1, 0.5), (0.9, 0.5), (0.9, 1), (0.1, 1)], classes: ["person"])
///
/// An object is in a zone when the ``anchor`` of its box is, and leaves when the anchor is clearly
/// outside, so a box that jitters on the border enters once.
public struct Zone: Hashable, Sendable {
  /// What coordinates count.
  public enum Unit: Hashable, Sendable {
    /// Fractions of the frame's width and height, 0 to 1.
    case fractions
    /// Pixels of the displayed frame.
    case pixels
  }

  /// The point of a box that stands for its object.
  public enum Anchor: Hashable, Sendable {
    /// The middle of the lower edge, where something that stands touches the ground.
    case bottom
    /// The centre.
    case center
    /// The middle of the upper edge.
    case top
  }

  /// A point of the picture.
  public struct Corner: Hashable, Sendable {
    /// How far to the right.
    public var x: Double
    /// How far down.
    public var y: Double

    /// Creates a point.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// What it is called.
  public var name: String
  /// Its corners, in the order in which its border passes them.
  public var points: [Corner]
  /// What the coordinates count.
  public var unit: Unit
  /// The point of a box that has to be inside.
  public var anchor: Anchor
  /// The classes that count, by name or by number; `nil` for all.
  public var classes: [String]?
  /// After how many seconds in it an object loiters; `nil` for never.
  public var loiterTime: Double?

  /// Creates a zone; it is checked when it is used.
  ///
  /// - Parameters:
  ///   - name: What it is called; no other zone has the same name.
  ///   - points: At least three corners, as pairs of x and y.
  ///   - unit: What the coordinates count.
  ///   - anchor: The point of a box that has to be inside.
  ///   - classes: The classes that count, by name or by number; `nil` for all.
  ///   - loiterTime: After how many seconds in it an object loiters.
  public init(
    name: String, points: [(Double, Double)], unit: Unit = .fractions, anchor: Anchor = .bottom,
    classes: [String]? = nil, loiterTime: Double? = nil
  ) {
    self.name = name
    self.points = points.map { Corner(x: $0.0, y: $0.1) }
    self.unit = unit
    self.anchor = anchor
    self.classes = classes
    self.loiterTime = loiterTime
  }
}

extension Zone {
  /// The same zone, from the tracker's terms.
  package init(_ zone: Tracking.Zone) {
    self.init(
      name: zone.name, points: zone.points.map { ($0.x, $0.y) }, unit: Unit(zone.unit),
      anchor: Anchor(zone.anchor), classes: zone.classes?.sorted(), loiterTime: zone.loiterTime)
  }

  /// The zone in the tracker's terms, with these classes.
  func zone(classes: Set<String>?) throws(ZoneError) -> Tracking.Zone {
    try Tracking.Zone(
      name: name, points: points.map(\.point), unit: unit.unit, anchor: anchor.anchor,
      classes: classes, loiterTime: loiterTime)
  }
}

extension Zone.Corner {
  var point: Point { Point(x: x, y: y) }
}

extension Zone.Unit {
  init(_ unit: CoordinateUnit) {
    self = unit == .pixels ? .pixels : .fractions
  }

  var unit: CoordinateUnit { self == .pixels ? .pixels : .fractions }
}

extension Zone.Anchor {
  init(_ anchor: BoxAnchor) {
    self =
      switch anchor {
      case .bottom: .bottom
      case .center: .center
      case .top: .top
      }
  }

  var anchor: BoxAnchor {
    switch self {
    case .bottom: .bottom
    case .center: .center
    case .top: .top
    }
  }
}
