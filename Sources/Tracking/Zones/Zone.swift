public import Geometry
internal import Support

/// A part of the picture that objects enter and leave.
public struct Zone: Hashable, Sendable {
  /// What it is called.
  public let name: String
  /// Its corners, in the order in which its border passes them.
  public let points: [Point]
  /// What the coordinates count.
  public let unit: CoordinateUnit
  /// The point of a box that has to be inside.
  public let anchor: BoxAnchor
  /// The names of the classes that count; `nil` for all.
  public var classes: Set<String>?
  /// After how many seconds in it an object loiters; `nil` for never.
  public let loiterTime: Double?

  /// Creates a zone.
  ///
  /// - Throws: `ZoneError` for fewer than three points, points that aren't finite or lie outside of
  ///   the picture, an area of zero, and a border that crosses or touches itself.
  public init(
    name: String, points: [Point], unit: CoordinateUnit = .fractions, anchor: BoxAnchor = .bottom,
    classes: Set<String>? = nil, loiterTime: Double? = nil
  ) throws(ZoneError) {
    self.name = name
    self.points = points
    self.unit = unit
    self.anchor = anchor
    self.classes = classes
    self.loiterTime = loiterTime
    try outline.check(name: name)
    if let loiterTime, !(loiterTime > 0 && loiterTime.isFinite) {
      throw ZoneError(
        .time, outline.subject, "The time after which an object loiters isn't above 0.",
        remedy: "Give seconds, such as 30.")
    }
  }

  /// Checks the corners of a part of the picture that isn't a zone, such as a mask.
  ///
  /// - Throws: `ZoneError` about `subject`, as for a zone with these corners.
  public static func check(
    _ corners: [Point], unit: CoordinateUnit, of subject: String
  ) throws(ZoneError) {
    let outline = Outline(subject: subject, points: corners, unit: unit, isClosed: true)
    // Two corners of such a rectangle are the same, but that isn't how it was written.
    if corners.count == 4 {
      let bounds = Polygon(corners).bounds
      if bounds.width == 0 || bounds.height == 0 { throw outline.noArea }
    }
    try outline.checkPoints()
  }

  var outline: Outline {
    Outline(
      subject: "zone '\(UnsafeText.escaped(name))'", points: points, unit: unit, isClosed: true)
  }
}
