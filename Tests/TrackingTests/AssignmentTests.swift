import Support
import TestSupport
import Testing

@Suite("Assignment")
struct AssignmentTests {
  @Test("costs as little as the best of all permutations", arguments: 0..<40)
  func optimal(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let rows = Int.random(in: 1...6, using: &random)
    let columns = Int.random(in: 1...6, using: &random)
    // Few different costs, so that there are ties.
    let costs = (0..<(rows * columns)).map { _ in Double(Int.random(in: -4...4, using: &random)) }
    var assignment = Assignment()
    assignment.solve(costs, rows: rows, columns: columns)
    let taken = assignment.columnOfRow.filter { $0 >= 0 }
    #expect(assignment.columnOfRow.count == rows)
    #expect(taken.count == min(rows, columns) && Set(taken).count == taken.count)
    let cost = (0..<rows).reduce(0.0) { sum, row in
      let column = assignment.columnOfRow[row]
      return column < 0 ? sum : sum + costs[row * columns + column]
    }
    #expect(cost == cheapest(costs, rows, columns), "seed \(seed): \(rows) x \(columns)")
  }

  @Test("a solver gives the same after other problems, and takes empty ones")
  func reused() {
    let costs = [4.0, 1, 3, 2, 0, 5, 3, 2, 2]
    var fresh = Assignment()
    fresh.solve(costs, rows: 3, columns: 3)
    var used = Assignment()
    used.solve([Double](repeating: 1, count: 40), rows: 8, columns: 5)
    used.solve([], rows: 0, columns: 4)
    #expect(used.columnOfRow.isEmpty)
    used.solve([], rows: 2, columns: 0)
    #expect(used.columnOfRow == [-1, -1])
    used.solve(costs, rows: 3, columns: 3)
    #expect(used.columnOfRow == fresh.columnOfRow && fresh.columnOfRow == [1, 0, 2])
  }

  /// The least cost, by trying everything.
  private func cheapest(_ costs: [Double], _ rows: Int, _ columns: Int) -> Double {
    func search(_ row: Int, _ used: Set<Int>, _ spare: Int) -> Double {
      guard row < rows else { return 0 }
      var best = Double.infinity
      for column in 0..<columns where !used.contains(column) {
        best = min(
          best, costs[row * columns + column] + search(row + 1, used.union([column]), spare))
      }
      if spare > 0 { best = min(best, search(row + 1, used, spare - 1)) }
      return best
    }
    return search(0, [], max(rows - columns, 0))
  }
}
