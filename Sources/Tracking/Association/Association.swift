internal import Geometry
internal import Support

/// Matches tracks with observations at the least cost.
///
/// Pairs that are possible at all fall into groups that don't touch each other, each of which is
/// solved by itself: in most frames a group has one or two members.
struct Association: Sendable {
  /// A track and an observation that may belong together, and what is gained if they do.
  private struct Pair {
    var track: Int
    var observation: Int
    var gain: Double
  }

  private var pairs: [Pair] = []
  private var parent: [Int] = []
  private var group: [Int] = []
  private var order: [Int] = []
  private var costs: [Double] = []
  private var rows: [Int] = []
  private var columns: [Int] = []
  private var rowOf: [Int] = []
  private var columnOf: [Int] = []
  private var solver = Assignment()

  /// Forgets the pairs of the last problem.
  mutating func begin() { pairs.removeAll(keepingCapacity: true) }

  /// Adds a possible pair; `gain` is positive.
  mutating func add(track: Int, observation: Int, gain: Double) {
    pairs.append(Pair(track: track, observation: observation, gain: gain))
  }

  /// Appends the pairs with the largest sum of gains to `matches`, each track and observation once.
  mutating func solve(
    trackCount: Int, observationCount: Int,
    into matches: inout [(track: Int, observation: Int)]
  ) {
    guard !pairs.isEmpty else { return }
    parent.removeAll(keepingCapacity: true)
    for index in 0..<(trackCount + observationCount) { parent.append(index) }
    for pair in pairs {
      let (a, b) = (root(pair.track), root(trackCount + pair.observation))
      // The smaller number is the root, so groups don't depend on the order of the pairs.
      if a != b { parent[max(a, b)] = min(a, b) }
    }
    order.removeAll(keepingCapacity: true)
    for index in pairs.indices { order.append(index) }
    group.removeAll(keepingCapacity: true)
    for index in pairs.indices { group.append(root(pairs[index].track)) }
    let group = group
    order.sort { (group[$0], $0) < (group[$1], $1) }
    grow(&rowOf, to: trackCount)
    grow(&columnOf, to: observationCount)
    var first = 0
    while first < order.count {
      var last = first + 1
      while last < order.count && group[order[last]] == group[order[first]] { last += 1 }
      solveGroup(first..<last, into: &matches)
      first = last
    }
  }

  private mutating func solveGroup(
    _ range: Range<Int>, into matches: inout [(track: Int, observation: Int)]
  ) {
    if range.count == 1 {
      let pair = pairs[order[range.lowerBound]]
      matches.append((pair.track, pair.observation))
      return
    }
    rows.removeAll(keepingCapacity: true)
    columns.removeAll(keepingCapacity: true)
    for place in range {
      let pair = pairs[order[place]]
      if rowOf[pair.track] < 0 {
        rowOf[pair.track] = rows.count
        rows.append(pair.track)
      }
      if columnOf[pair.observation] < 0 {
        columnOf[pair.observation] = columns.count
        columns.append(pair.observation)
      }
    }
    costs.removeAll(keepingCapacity: true)
    for _ in 0..<(rows.count * columns.count) { costs.append(0) }
    for place in range {
      let pair = pairs[order[place]]
      costs[rowOf[pair.track] * columns.count + columnOf[pair.observation]] = -pair.gain
    }
    solver.solve(costs, rows: rows.count, columns: columns.count)
    for (row, track) in rows.enumerated() {
      let column = solver.columnOfRow[row]
      if column >= 0 && costs[row * columns.count + column] < 0 {
        matches.append((track, columns[column]))
      }
    }
    for track in rows { rowOf[track] = -1 }
    for observation in columns { columnOf[observation] = -1 }
  }

  private mutating func root(_ index: Int) -> Int {
    var index = index
    while parent[index] != index {
      parent[index] = parent[parent[index]]
      index = parent[index]
    }
    return index
  }

  private func grow(_ array: inout [Int], to count: Int) {
    while array.count < count { array.append(-1) }
  }
}
