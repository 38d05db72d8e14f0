/// A place in a picture, in pixels or in fractions of its sides.
public struct Point: Hashable, Sendable {
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

extension Point {
  /// The vector from `other` to this point.
  package static func - (point: Point, other: Point) -> Point {
    Point(x: point.x - other.x, y: point.y - other.y)
  }

  /// Twice the area of the triangle that two vectors span; positive if `other` is to the right of
  /// this one, in a picture whose y axis points down.
  package func cross(_ other: Point) -> Double { x * other.y - y * other.x }

  /// The sum of the products of the coordinates.
  package func dot(_ other: Point) -> Double { x * other.x + y * other.y }

  /// The distance to the nearest point of the segment from `start` to `end`.
  package func distance(toSegment start: Point, _ end: Point) -> Double {
    let (along, here) = (end - start, self - start)
    let length = along.dot(along)
    let share = length > 0 ? min(max(here.dot(along) / length, 0), 1) : 0
    let rest = here - Point(x: share * along.x, y: share * along.y)
    return rest.dot(rest).squareRoot()
  }
}
