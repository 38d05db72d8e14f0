/// Finds the cheapest way to give each row of a matrix a column of its own.
///
/// Successive shortest augmenting paths with potentials: Jonker and Volgenant 1987, "A shortest
/// augmenting path algorithm for dense and sparse linear assignment problems", in the rectangular
/// form of Crouse 2016, "On implementing 2D rectangular assignment algorithms". The buffers are
/// kept between calls, so one value should solve many problems.
package struct Assignment: Sendable {
  /// The column of each row in the last solution; -1 for a row without one.
  package private(set) var columnOfRow: [Int] = []

  private var rowOfColumn: [Int] = []
  private var rowPotential: [Double] = []
  private var columnPotential: [Double] = []
  private var distance: [Double] = []
  private var previousRow: [Int] = []
  private var visitedRows: [Int] = []
  private var columnIsVisited: [Bool] = []
  private var remaining: [Int] = []
  private var transposed: [Double] = []

  /// Creates a solver without memory of its own.
  package init() {}

  /// Solves for `costs`, finite numbers row by row, and leaves the result in `columnOfRow`.
  ///
  /// All rows get a column, or, if there are fewer columns than rows, all columns a row. Equal
  /// solutions are decided by the order of rows and columns, so results are reproducible.
  ///
  /// - Precondition: `costs` has `rows` times `columns` elements.
  /// - Complexity: O(n² m) for n rows and m columns, the smaller of them being n.
  package mutating func solve(_ costs: [Double], rows: Int, columns: Int) {
    precondition(costs.count == rows * columns, "\(costs.count) costs, not \(rows) x \(columns)")
    guard rows > columns else {
      augment(costs, rows: rows, columns: columns)
      return
    }
    reset(&transposed, to: 0, count: costs.count)
    for row in 0..<rows {
      for column in 0..<columns { transposed[column * rows + row] = costs[row * columns + column] }
    }
    augment(transposed, rows: columns, columns: rows)
    swap(&columnOfRow, &rowOfColumn)
  }

  /// Gives each row a column; there are at least as many columns as rows.
  private mutating func augment(_ costs: [Double], rows: Int, columns: Int) {
    reset(&columnOfRow, to: -1, count: rows)
    reset(&rowOfColumn, to: -1, count: columns)
    reset(&rowPotential, to: 0, count: rows)
    reset(&columnPotential, to: 0, count: columns)
    reset(&previousRow, to: -1, count: columns)
    for row in 0..<rows {
      let (sink, cost) = shortestPath(from: row, costs, columns: columns)
      updatePotentials(from: row, cost: cost)
      // Along the path, each row takes the column that the next one gives up.
      var column = sink
      while true {
        let taker = previousRow[column]
        rowOfColumn[column] = taker
        let given = columnOfRow[taker]
        columnOfRow[taker] = column
        if taker == row { break }
        column = given
      }
    }
  }

  /// The free column that is nearest to `start` in reduced costs, and its distance.
  private mutating func shortestPath(
    from start: Int, _ costs: [Double], columns: Int
  ) -> (sink: Int, cost: Double) {
    reset(&distance, to: .infinity, count: columns)
    reset(&columnIsVisited, to: false, count: columns)
    visitedRows.removeAll(keepingCapacity: true)
    remaining.removeAll(keepingCapacity: true)
    for column in 0..<columns { remaining.append(column) }
    var row = start
    var reached = 0.0
    while true {
      visitedRows.append(row)
      var lowest = Double.infinity
      var next = 0
      let base = reached - rowPotential[row]
      for place in remaining.indices {
        let column = remaining[place]
        let cost = base + costs[row * columns + column] - columnPotential[column]
        if cost < distance[column] {
          distance[column] = cost
          previousRow[column] = row
        }
        let isNearer = distance[column] < lowest
        let isFreeTie = distance[column] == lowest && rowOfColumn[column] < 0
        if isNearer || isFreeTie {
          lowest = distance[column]
          next = place
        }
      }
      reached = lowest
      let column = remaining[next]
      columnIsVisited[column] = true
      // The order of what remains decides ties, so it has to stay the same in every run; which
      // order it is doesn't matter.
      remaining[next] = remaining[remaining.count - 1]
      remaining.removeLast()
      if rowOfColumn[column] < 0 { return (column, reached) }
      row = rowOfColumn[column]
    }
  }

  private mutating func updatePotentials(from start: Int, cost: Double) {
    rowPotential[start] += cost
    for row in visitedRows where row != start {
      rowPotential[row] += cost - distance[columnOfRow[row]]
    }
    for column in columnIsVisited.indices where columnIsVisited[column] {
      columnPotential[column] -= cost - distance[column]
    }
  }

  private func reset<Element>(_ array: inout [Element], to value: Element, count: Int) {
    array.removeAll(keepingCapacity: true)
    for _ in 0..<count { array.append(value) }
  }
}
