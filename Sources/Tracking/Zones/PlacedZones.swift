internal import Geometry

/// Zones and lines in the pixels of a frame.
struct PlacedZones: Sendable {
  /// A zone, or a line, in pixels.
  struct Shape: Sendable {
    let edges: Edges
    /// The left upper and the right lower corner of all of it.
    let corners: (Point, Point)

    init(_ points: [Point], isClosed: Bool) {
      edges = Edges(points: points, isClosed: isClosed)
      let (xs, ys) = (points.map(\.x), points.map(\.y))
      corners = (
        Point(x: xs.min() ?? 0, y: ys.min() ?? 0), Point(x: xs.max() ?? 0, y: ys.max() ?? 0)
      )
    }

    /// Whether the path from `from` to `to` could come nearer than `margin`.
    func isNear(_ from: Point, _ to: Point, margin: Double) -> Bool {
      max(from.x, to.x) >= corners.0.x - margin && min(from.x, to.x) <= corners.1.x + margin
        && max(from.y, to.y) >= corners.0.y - margin && min(from.y, to.y) <= corners.1.y + margin
    }
  }

  private let zoneOutlines: [Outline]
  private let lineOutlines: [Outline]
  /// The size of the first frame.
  private var first: FrameSize?
  private(set) var size: FrameSize?
  private var isPlaced = false
  /// In the order of the zones.
  private(set) var zones: [Shape] = []
  /// In the order of the lines.
  private(set) var lines: [Shape] = []

  /// The most zones, and the most lines.
  static let maximumCount = 100

  /// - Throws: `ZoneError` if there are too many, or if two have one name.
  init(_ zones: [Zone], _ lines: [CountingLine]) throws(ZoneError) {
    zoneOutlines = zones.map(\.outline)
    lineOutlines = lines.map(\.outline)
    for outlines in [zoneOutlines, lineOutlines] {
      guard outlines.count <= Self.maximumCount else {
        throw ZoneError(
          .tooMany, outlines[Self.maximumCount].subject, "There are \(outlines.count) of its kind.",
          remedy: "Give at most \(Self.maximumCount).")
      }
      var names: Set<String> = []
      for outline in outlines where !names.insert(outline.subject).inserted {
        throw ZoneError(
          .name, outline.subject, "The name is given twice.", remedy: "Give each its own.")
      }
    }
  }

  /// Puts them into a frame; returns by how much points move that are kept, if they do.
  ///
  /// - Throws: `ZoneError` for one that can't be placed.
  mutating func place(in frame: FrameSize?) throws(ZoneError) -> Point? {
    let old = size
    if isPlaced, frame == nil || frame == old { return nil }
    first = first ?? frame
    size = frame ?? old
    zones = []
    for outline in zoneOutlines {
      zones.append(Shape(try outline.placed(in: size, first: first), isClosed: true))
    }
    lines = []
    for outline in lineOutlines {
      lines.append(Shape(try outline.placed(in: size, first: first), isClosed: false))
    }
    isPlaced = true
    guard let old, let size else { return nil }
    return Point(x: size.width / old.width, y: size.height / old.height)
  }
}
