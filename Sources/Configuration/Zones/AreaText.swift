public import Geometry
public import Tracking

/// A part of the picture as it is written on the command line and in files: its corners,
/// `0.1,0.5 0.9,0.5 0.9,1`, or a rectangle's left, top, width and height, `0.1,0.5,0.8,0.5`; in
/// pixels with `px` at the end.
public struct AreaText: Hashable, Sendable {
  /// The corners; a rectangle has four.
  public let corners: [Point]
  /// What the coordinates count.
  public let unit: CoordinateUnit
  /// Whether it is written as a rectangle.
  public let isRectangle: Bool

  /// Reads a text; `nil` if it is neither.
  public init?(_ text: String) {
    if let points = try? PointsText(text) {
      guard points.points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
      (corners, unit, isRectangle) = (points.points, points.unit, false)
      return
    }
    var words = text.split { $0 == " " || $0 == "\t" || $0 == "\n" }
    let isInPixels = words.last == "px"
    if isInPixels { words.removeLast() }
    guard words.count == 1 else { return nil }
    let numbers = words[0].split(separator: ",", omittingEmptySubsequences: false)
      .compactMap { PointsText.number($0) }
    guard numbers.count == 4, numbers.allSatisfy(\.isFinite), numbers[2] >= 0, numbers[3] >= 0,
      words[0].split(separator: ",", omittingEmptySubsequences: false).count == 4
    else { return nil }
    let (left, top) = (numbers[0], numbers[1])
    let (right, bottom) = (left + numbers[2], top + numbers[3])
    corners = [
      Point(x: left, y: top), Point(x: right, y: top), Point(x: right, y: bottom),
      Point(x: left, y: bottom),
    ]
    (unit, isRectangle) = (isInPixels ? .pixels : .fractions, true)
  }

  /// Checks its corners, as those of a zone are checked.
  ///
  /// - Throws: `ZoneError`.
  public func check() throws(ZoneError) { try Zone.check(corners, unit: unit, of: "area") }

  /// An area with these corners.
  init(corners: [Point], unit: CoordinateUnit) {
    (self.corners, self.unit, isRectangle) = (corners, unit, false)
  }
}
