/// An area with straight borders; where its border crosses itself, every other part is outside.
package struct Polygon: Hashable, Sendable {
  /// Its corners, in order; the last one is joined with the first.
  package let corners: [Point]

  /// Creates a polygon from its corners, which are finite.
  package init(_ corners: [Point]) { self.corners = corners }

  /// The horizontal ranges of what lies between two heights; they may overlap.
  ///
  /// - Complexity: O(n log n) for n corners.
  package func spans(from top: Double, to bottom: Double) -> [ClosedRange<Double>] {
    // What lies inside reaches the upper height, or the border.
    var spans = spans(at: top)
    for edge in edges where edge.lower.y >= top && edge.upper.y <= bottom {
      let (first, second) =
        edge.lower.y > edge.upper.y
        ? (edge.x(at: max(edge.upper.y, top)), edge.x(at: min(edge.lower.y, bottom)))
        : (edge.upper.x, edge.lower.x)
      spans.append(min(first, second)...max(first, second))
    }
    return spans
  }

  /// The horizontal ranges of what lies inside at one height, from left to right.
  ///
  /// - Complexity: O(n log n) for n corners.
  package func spans(at height: Double) -> [ClosedRange<Double>] {
    let crossings = edges.filter { $0.upper.y <= height && $0.lower.y > height }
      .map { $0.x(at: height) }.sorted()
    return stride(from: 0, to: crossings.count - 1, by: 2).map {
      crossings[$0]...crossings[$0 + 1]
    }
  }

  /// A part of the border.
  private struct Edge {
    var upper: Point
    var lower: Point

    func x(at y: Double) -> Double {
      guard lower.y > upper.y else { return upper.x }
      let share = min(max((y - upper.y) / (lower.y - upper.y), 0), 1)
      return upper.x + share * (lower.x - upper.x)
    }
  }

  private var edges: [Edge] {
    corners.indices.map { index in
      let (from, to) = (corners[index], corners[index + 1 < corners.count ? index + 1 : 0])
      return from.y <= to.y ? Edge(upper: from, lower: to) : Edge(upper: to, lower: from)
    }
  }

  /// The smallest box that contains all corners.
  package var bounds: PixelBox {
    let (x, y) = (corners.map(\.x), corners.map(\.y))
    let (left, top) = (x.min() ?? 0, y.min() ?? 0)
    return PixelBox(
      x: left, y: top, width: (x.max() ?? 0) - left, height: (y.max() ?? 0) - top)
  }
}
