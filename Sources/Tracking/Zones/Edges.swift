internal import Geometry

/// The edges of a zone or a line.
struct Edges: Sendable {
  let points: [Point]
  /// Whether the last point is joined with the first.
  let isClosed: Bool

  var count: Int { isClosed ? points.count : points.count - 1 }

  func start(_ edge: Int) -> Point { points[edge] }

  func end(_ edge: Int) -> Point { points[edge + 1 < points.count ? edge + 1 : 0] }

  /// The enclosed area.
  var area: Double {
    var sum = 0.0
    for edge in 0..<count { sum += start(edge).cross(end(edge)) }
    return sum.magnitude / 2
  }

  /// The largest area that something of this length could have.
  var extent: Double {
    var length = 0.0
    for edge in 0..<count {
      let along = end(edge) - start(edge)
      length += along.dot(along).squareRoot()
    }
    return length * length
  }

  /// The distance from `point` to the nearest edge.
  func distance(to point: Point) -> Double {
    var least = Double.infinity
    for edge in 0..<count {
      least = min(least, point.distance(toSegment: start(edge), end(edge)))
    }
    return least
  }

  /// The first two edges that have a point in common which isn't their common corner.
  ///
  /// - Complexity: O(n²).
  var firstMeeting: (Int, Int)? {
    for first in 0..<count {
      for second in (first + 1)..<max(count, first + 1) {
        if second == first + 1 {
          if foldsBack(first, second) { return (first, second) }
        } else if isClosed && first == 0 && second == count - 1 {
          if foldsBack(second, first) { return (first, second) }
        } else if meet(first, second) {
          return (first, second)
        }
      }
    }
    return nil
  }

  /// Whether an edge goes back on the one before it.
  private func foldsBack(_ before: Int, _ after: Int) -> Bool {
    let (come, go) = (end(before) - start(before), end(after) - start(after))
    return come.cross(go) == 0 && come.dot(go) < 0
  }

  /// Whether two edges without a common corner have a point in common.
  private func meet(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (start(first), end(first))
    let (c, d) = (start(second), end(second))
    let sides = [
      (b - a).cross(c - a), (b - a).cross(d - a), (d - c).cross(a - c), (d - c).cross(b - c),
    ]
    if sides[0] * sides[1] < 0 && sides[2] * sides[3] < 0 { return true }
    return (sides[0] == 0 && isBetween(c, a, b)) || (sides[1] == 0 && isBetween(d, a, b))
      || (sides[2] == 0 && isBetween(a, c, d)) || (sides[3] == 0 && isBetween(b, c, d))
  }

  /// Whether a point of the line through two others is between them.
  private func isBetween(_ point: Point, _ a: Point, _ b: Point) -> Bool {
    (min(a.x, b.x)...max(a.x, b.x)).contains(point.x)
      && (min(a.y, b.y)...max(a.y, b.y)).contains(point.y)
  }
}

extension Edges {
  /// A place where a path crosses an edge.
  struct Crossing {
    /// How much of the path comes before it, 0...1.
    var share: Double
    /// Whether the path goes to the right of the edge.
    var isToRight: Bool
  }

  /// Where the path from `from` to `to` crosses the edges, in order.
  ///
  /// A point may lie exactly on an edge, or a corner exactly on the path. All points of paths are
  /// taken to be a hair to the right of where they are, and a hair of that lower (Edelsbrunner and
  /// Mücke 1990, "Simulation of simplicity"), so a path through a corner crosses once, and the
  /// crossings of a path don't depend on its steps.
  func crossings(from: Point, to: Point) -> [Crossing] {
    var found: [Crossing] = []
    let path = to - from
    for edge in 0..<count {
      let (start, along) = (start(edge), end(edge) - start(edge))
      let (before, after) = (along.cross(from - start), along.cross(to - start))
      let isToRight = isRight(after, of: along)
      guard isRight(before, of: along) != isToRight else { continue }
      guard
        isRight(path.cross(start - from), of: path, isShifted: true)
          != isRight(path.cross(end(edge) - from), of: path, isShifted: true)
      else { continue }
      found.append(Crossing(share: before / (before - after), isToRight: isToRight))
    }
    if found.count > 1 { found.sort { $0.share < $1.share } }
    return found
  }

  /// Whether a point is to the right of a vector, from the cross product of both; if it is zero,
  /// from a hair by which the point is shifted, or the vector if `isShifted`.
  private func isRight(_ cross: Double, of vector: Point, isShifted: Bool = false) -> Bool {
    if cross != 0 { return cross > 0 }
    let isRight = vector.y != 0 ? vector.y < 0 : vector.x > 0
    return isRight != isShifted
  }

  /// Whether a point is inside, or not farther from the border than `tolerance`.
  func contains(_ point: Point, tolerance: Double) -> Bool {
    var isInside = false
    for edge in 0..<count {
      let (a, b) = (start(edge), end(edge))
      if (a.y > point.y) != (b.y > point.y),
        point.x < a.x + (b.x - a.x) * (point.y - a.y) / (b.y - a.y)
      {
        isInside.toggle()
      }
    }
    return isInside || distance(to: point) <= tolerance
  }
}
