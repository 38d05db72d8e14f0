internal import Support

/// A sequence whose objects and tracks are numbered from 0, with the overlaps in each frame.
struct NumberedSequence {
  struct Frame {
    var truth: [Int] = []
    var found: [Int] = []
    /// Overlaps, one row for each object of the truth.
    var overlaps: [Double] = []

    func overlap(_ row: Int, _ column: Int) -> Double { overlaps[row * found.count + column] }
  }

  var frames: [Frame] = []
  /// In how many frames each object is.
  var truthCount: [Int] = []
  /// In how many frames each track is.
  var foundCount: [Int] = []

  init(_ sequence: some Sequence<TrackedFrame>) {
    var truthIndex: [Int: Int] = [:]
    var foundIndex: [Int: Int] = [:]
    for frame in sequence {
      var numbered = Frame()
      numbered.truth = Self.indices(of: frame.truth, &truthIndex, &truthCount)
      numbered.found = Self.indices(of: frame.found, &foundIndex, &foundCount)
      for object in frame.truth {
        for box in frame.found { numbered.overlaps.append(object.overlap(with: box)) }
      }
      frames.append(numbered)
    }
  }

  private static func indices(
    of boxes: [NumberedBox], _ known: inout [Int: Int], _ counts: inout [Int]
  ) -> [Int] {
    boxes.map { box in
      let index = known[box.number, default: counts.count]
      if index == counts.count {
        known[box.number] = index
        counts.append(0)
      }
      counts[index] += 1
      return index
    }
  }
}

/// Pairs rows with columns so that the sum of their weights is largest.
struct AssignmentSolver {
  private var assignment = Assignment()
  private var costs: [Double] = []

  /// The pairs that have a positive weight.
  mutating func pairs(
    rows: Int, columns: Int, weight: (Int, Int) -> Double
  ) -> [(row: Int, column: Int)] {
    costs.removeAll(keepingCapacity: true)
    for row in 0..<rows {
      for column in 0..<columns { costs.append(-weight(row, column)) }
    }
    assignment.solve(costs, rows: rows, columns: columns)
    return (0..<rows).compactMap { row in
      let column = assignment.columnOfRow[row]
      return column >= 0 && costs[row * columns + column] < 0 ? (row, column) : nil
    }
  }
}
