public import Geometry
public import Tracking

/// A polygon in the frames of every source.
public struct FrameArea: Hashable, Sendable {
  /// Its corners, in order.
  public var corners: [Point]
  /// What the coordinates count.
  public var unit: CoordinateUnit

  /// Creates an area from its corners, which are finite.
  public init(_ corners: [Point], unit: CoordinateUnit = .fractions) {
    self.corners = corners
    self.unit = unit
  }

  /// The corners in fractions of a frame; `nil` if one lies outside of it.
  package func fractions(width: Int, height: Int) -> [Point]? {
    guard unit == .pixels else { return corners }
    let (columns, rows) = (Double(max(width, 1)), Double(max(height, 1)))
    guard corners.allSatisfy({ $0.x <= columns && $0.y <= rows }) else { return nil }
    return corners.map { Point(x: $0.x / columns, y: $0.y / rows) }
  }
}

/// The areas of a run: what isn't analysed, and what is analysed at full detail.
public struct FrameAreas: Hashable, Sendable {
  /// What is grey to the network.
  public var masks: [FrameArea] = []
  /// What is analysed in tiles that aren't reduced, besides the whole frame.
  public var details: [FrameArea] = []

  /// No areas.
  public init() {}

  var isEmpty: Bool { masks.isEmpty && details.isEmpty }

  /// The areas in fractions of a source's frames; `nil` if a corner lies outside of them.
  package func placed(width: Int, height: Int) -> PlacedAreas? {
    var placed = PlacedAreas()
    for mask in masks {
      guard let corners = mask.fractions(width: width, height: height) else { return nil }
      placed.masks.append(corners)
    }
    for detail in details {
      guard let corners = detail.fractions(width: width, height: height) else { return nil }
      placed.details.append(Polygon(corners).bounds)
    }
    return placed
  }
}

/// The areas of a source, in fractions of its frames.
package struct PlacedAreas: Hashable, Sendable {
  /// The corners of what is grey to the network.
  package var masks: [[Point]] = []
  /// What is analysed at full detail.
  package var details: [PixelBox] = []
}
