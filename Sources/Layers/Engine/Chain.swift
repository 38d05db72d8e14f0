/// Steps that run together, band by band: a few rows of the last step's output at a time, with as many rows of
/// the maps between them as those need.
///
/// What lies between two steps then never leaves the second level cache: of an inverted residual the wide
/// maps before and after the depthwise convolution, as in "fused layer" accelerators (Alwani et al. 2016,
/// "Fused-layer CNN accelerators"). Maps between steps are rolling: they hold the rows in use, and the rows
/// that two bands share are computed once.
struct Chain: Hashable {
  /// Steps of the program, one after the other; each reads what the one before it wrote.
  var steps: Range<Int>
  /// Rows of the last step's output in a band.
  var bandRows: Int
  /// Whether the rows of the output can be computed in any order, and by several threads.
  var isSeparable: Bool
}

/// When maps between steps are made rolling.
struct ChainLimits {
  /// Bytes of a chain's rolling maps; a chain that needs more for single rows is cut.
  ///
  /// They share the second level cache, 1 MiB on current processors, with the weights.
  var rollingBytes = 384 * 1024
  /// Smaller maps stay in the second level cache anyway; a chain would only read the weights again for each
  /// band.
  var worthwhileBytes = 256 * 1024
}

/// The chains of a program, and the room that their rolling maps take.
struct ChainPlan {
  private(set) var chains: [Chain] = []
  /// Floats of each thread's own room.
  private(set) var scratchCount = 0
  /// Rolling maps of the whole program.
  private(set) var rollingCount = 0
  private(set) var steps: [Step]
  private let limits: ChainLimits

  /// Finds the chains of `steps` and makes the maps inside them rolling.
  ///
  /// - Parameters:
  ///   - steps: The program before memory is planned.
  ///   - kept: Storages that somebody reads after the run, or fills before it.
  ///   - limits: When chains are made.
  init(_ steps: [Step], kept: Set<Int>, limits: ChainLimits) {
    self.steps = steps
    self.limits = limits
    var first = 0
    for index in steps.indices where !isLink(index, kept) {
      addChains(first..<index + 1)
      first = index + 1
    }
  }

  /// Whether the map between step `index` and the next is worth keeping in the cache, and nobody else's.
  private func isLink(_ index: Int, _ kept: Set<Int>) -> Bool {
    guard index + 1 < steps.count else { return false }
    let (step, next) = (steps[index], steps[index + 1])
    let view = step.output
    let storage = view.placement.storage
    guard step.isSeparable, next.isSeparable, next.inputs[0] == view, next.inputs.count == 1,
      !kept.contains(storage), view.bytes >= limits.worthwhileBytes
    else { return false }
    for (other, step) in steps.enumerated() where other != index {
      let uses = step.views.count { $0.placement.storage == storage }
      guard uses == (other == index + 1 ? 1 : 0) else { return false }
    }
    return true
  }

  /// Adds the steps `range` as one chain, or as several where even single rows of all their maps together
  /// take too much room.
  private mutating func addChains(_ range: Range<Int>) {
    let last = range.upperBound - 1
    let height = steps[last].output.shape.height
    guard range.count > 1 else {
      chains.append(
        Chain(steps: range, bandRows: max(height, 1), isSeparable: steps[last].isSeparable))
      return
    }
    var rows = 0
    while rows < height, rollingBytes(range, bandRows: rows + 1) <= limits.rollingBytes {
      rows += 1
    }
    guard rows > 0 else {
      let cut = range.dropLast().min { steps[$0].output.bytes < steps[$1].output.bytes } ?? last
      addChains(range.lowerBound..<cut + 1)
      addChains(cut + 1..<range.upperBound)
      return
    }
    // Depthwise kernels compute two rows at a time.
    if rows > 2 && rows < height { rows -= rows % 2 }
    chains.append(Chain(steps: range, bandRows: rows, isSeparable: true))
    placeRollingMaps(range, bandRows: rows)
  }

  private func rollingBytes(_ range: Range<Int>, bandRows: Int) -> Int {
    let capacities = rowCapacities(range, bandRows: bandRows)
    return zip(range, capacities).dropLast().reduce(0) { $0 + steps[$1.0].output.rowBytes * $1.1 }
  }

  /// The most rows of each step's output that a band needs.
  private func rowCapacities(_ range: Range<Int>, bandRows: Int) -> [Int] {
    var rows = bandRows
    var capacities = [rows]
    for index in range.dropFirst().reversed() {
      let map = steps[index - 1].output.shape
      rows = min(
        steps[index].window.map { ($0.stride * (rows - 1)) + $0.reach } ?? rows, map.height)
      capacities.append(rows)
    }
    return capacities.reversed()
  }

  private mutating func placeRollingMaps(_ range: Range<Int>, bandRows: Int) {
    var count = 0
    for (index, rows) in zip(range, rowCapacities(range, bandRows: bandRows)).dropLast() {
      var view = steps[index].output
      let unit = view.element.size
      view.rolling = RollingMap(index: rollingCount, capacity: rows)
      view.placement.offset = count * MemoryLayout<Float>.stride / unit
      rollingCount += 1
      let floats = rows * view.rowBytes / MemoryLayout<Float>.stride
      // A cache line starts each map.
      count += (floats + 15) / 16 * 16
      steps[index].output = view
      steps[index + 1].inputs[0] = view
    }
    scratchCount = max(scratchCount, count)
  }
}
