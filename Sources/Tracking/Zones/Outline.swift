internal import Geometry

/// The points of a zone or a line, and what is wrong with them.
struct Outline {
  /// Which zone or line, for errors.
  let subject: String
  let points: [Point]
  let unit: CoordinateUnit
  /// Whether the last point is joined with the first.
  let isClosed: Bool

  /// The most points of a zone or a line.
  static let maximumPoints = 1000
  /// The longest name.
  static let maximumName = 200

  /// - Throws: `ZoneError` if the points, with the name `name`, can't be used.
  func check(name: String) throws(ZoneError) {
    guard !name.isEmpty, name.utf8.count <= Self.maximumName else {
      throw error(
        .name, "Its name is \(name.isEmpty ? "empty" : "too long").",
        "Give it a name of at most \(Self.maximumName) bytes.")
    }
    try checkPoints()
  }

  /// - Throws: `ZoneError` if the points can't be used.
  func checkPoints() throws(ZoneError) {
    let least = isClosed ? 3 : 2
    guard points.count >= least else {
      throw error(
        .tooFewPoints,
        "It has \(points.count == 1 ? "one point" : "\(points.count) points").",
        isClosed ? "Give it at least three corners." : "Give it at least two points.")
    }
    guard points.count <= Self.maximumPoints else {
      throw error(
        .tooMany, "It has \(points.count) points.", "Give it at most \(Self.maximumPoints).")
    }
    for point in points { try check(point) }
    try checkEdges()
  }

  /// The points in pixels of a frame of this size; pixels are those of the `first` frame.
  ///
  /// - Throws: `ZoneError` if a point lies outside of the first frame, or if the size isn't known
  ///   but needed.
  func placed(in size: FrameSize?, first: FrameSize?) throws(ZoneError) -> [Point] {
    switch unit {
    case .fractions:
      guard let size else {
        throw error(
          .noFrameSize, "The size of the frame isn't known.",
          "Give the zone in pixels ('px'), or lines with 'width' and 'height'.")
      }
      return points.map { Point(x: $0.x * size.width, y: $0.y * size.height) }
    case .pixels:
      guard let first, let size else { return points }
      for point in points where point.x > first.width || point.y > first.height {
        throw error(
          .outside,
          "The point \(text(point)) lies outside of the picture of \(short(first.width)) x "
            + "\(short(first.height)) pixels.",
          "Give points of the picture as it is displayed.")
      }
      let (x, y) = (size.width / first.width, size.height / first.height)
      return points.map { Point(x: $0.x * x, y: $0.y * y) }
    }
  }

  private func check(_ point: Point) throws(ZoneError) {
    guard point.x.isFinite, point.y.isFinite else {
      throw error(
        .notFinite, "The point \(text(point)) isn't finite.", "Give numbers for all coordinates.")
    }
    switch unit {
    case .fractions:
      guard (0...1).contains(point.x), (0...1).contains(point.y) else {
        throw error(
          .outside, "The point \(text(point)) lies outside of the picture.",
          "Give fractions of its width and height, 0 to 1; pixels have to be said ('px').")
      }
    case .pixels:
      let range = 0...PixelBox.farthest
      guard range.contains(point.x), range.contains(point.y) else {
        throw error(
          .outside, "The point \(text(point)) lies outside of any picture.",
          "Give pixels from its left upper corner.")
      }
    }
  }

  private func checkEdges() throws(ZoneError) {
    let edges = Edges(points: points, isClosed: isClosed)
    for edge in 0..<edges.count where edges.start(edge) == edges.end(edge) {
      throw error(
        .repeatedPoint, "The point \(text(edges.start(edge))) comes twice in succession.",
        isClosed ? "Leave one out; the last point is joined with the first." : "Leave one out.")
    }
    // Edges that cross may enclose no area in all, but that isn't what is wrong with them.
    let side = points[1] - points[0]
    if isClosed, edges.area <= 1e-9 * edges.extent,
      points.allSatisfy({ abs(side.cross($0 - points[0])) <= 1e-9 * edges.extent })
    {
      throw noArea
    }
    if let (first, second) = edges.firstMeeting {
      throw error(
        .selfCrossing,
        "The edges from \(text(edges.start(first))) and from \(text(edges.start(second))) cross or "
          + "touch.",
        isClosed
          ? "List its corners in the order in which its border passes them."
          : "List its points in the order in which it passes them.")
    }
  }

  /// The error of one without an area.
  var noArea: ZoneError {
    error(.noArea, "It has no area.", "Give it corners that aren't all on one line.")
  }

  private func error(_ code: ZoneError.Code, _ message: String, _ remedy: String) -> ZoneError {
    ZoneError(code, subject, message, remedy: remedy)
  }

  private func text(_ point: Point) -> String { "\(short(point.x)),\(short(point.y))" }

  /// `value`, without ".0" if it is a whole number.
  private func short(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? String(Int(value)) : String(value)
  }
}
