internal import Geometry

/// What is known of an object and a line.
///
/// Crossings by the path of the anchor are added up, those in the other direction are subtracted,
/// and the sum counts once the anchor is away from the line by more than a margin. So a box that
/// jitters on the line counts once, or not at all if it goes back.
struct LineWatch: Sendable {
  /// 1 after a crossing to the right, -1 after one to the left.
  private var sum = 0
  /// When the line was crossed.
  private var crossing: Moment?

  /// Takes in the way of the object, and returns a crossing that is beyond doubt.
  mutating func follow(
    _ way: Way, _ line: CountingLine, _ shape: PlacedZones.Shape
  ) -> (CountingLine.Direction, Moment)? {
    guard let before = way.before else { return nil }
    let (from, to) = (line.anchor.point(of: before.box), line.anchor.point(of: way.now.box))
    if sum == 0, !shape.isNear(from, to, margin: 0) { return nil }
    for crossing in shape.edges.crossings(from: from, to: to) {
      let next = min(max(sum + (crossing.isToRight ? 1 : -1), -1), 1)
      if next != sum, next != 0 { self.crossing = way.moment(at: crossing.share) }
      sum = next
    }
    guard sum != 0, shape.edges.distance(to: to) > way.margin else { return nil }
    return finish()
  }

  /// Ends the watch, and returns the crossing that hadn't counted yet.
  mutating func finish() -> (CountingLine.Direction, Moment)? {
    defer { self = LineWatch() }
    guard let crossing, sum != 0 else { return nil }
    return (sum > 0 ? .in : .out, crossing)
  }
}
