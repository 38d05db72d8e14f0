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
  /// Threads that share a frame.
  var threads = 1
  /// Bytes of a chain's rolling maps; a chain that needs more for single rows is cut.
  ///
  /// They share the second level cache, 1 MiB on current processors, with the weights.
  var rollingBytes = 384 * 1024
  /// Smaller maps stay in the second level cache anyway; a chain would only read the weights again for each
  /// band.
  var worthwhileBytes = 400 * 1024

  /// The limits for `threads` that share a frame.
  ///
  /// Each has a second level cache of its own, and computes the rows that its share has in common with the next
  /// by itself: maps have to be larger before a chain is worthwhile.
  static func sharing(_ threads: Int) -> ChainLimits {
    var limits = ChainLimits()
    limits.threads = threads
    limits.worthwhileBytes *= threads * threads
    return limits
  }
}

/// The chains of a program, and the room that their rolling maps take.
///
/// What a step needs beside its input and output, such as the input with zeros around it, is each thread's
/// own, too.
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
    if range.count == 1, limits.threads > 1, steps[last].isSeparable, steps[last].window == nil {
      steps[last] = steps[last].pixelwise
    }
    let height = steps[last].output.shape.height
    guard steps[last].isSeparable else {
      chains.append(Chain(steps: range, bandRows: max(height, 1), isSeparable: false))
      return
    }
    var rows = 0
    while rows < height, ownBytes(range, bandRows: rows + 1) <= limits.rollingBytes { rows += 1 }
    if rows == 0 && range.count > 1 {
      let cut = range.dropLast().min { steps[$0].output.bytes < steps[$1].output.bytes } ?? last
      addChains(range.lowerBound..<cut + 1)
      addChains(cut + 1..<range.upperBound)
      return
    }
    // Depthwise kernels compute two rows at a time.
    if rows > 2 && rows < height { rows -= rows % 2 }
    rows = max(rows, 1)
    chains.append(Chain(steps: range, bandRows: rows, isSeparable: true))
    placeOwnMaps(range, bandRows: rows)
  }

  /// Bytes of each thread's own maps.
  private func ownBytes(_ range: Range<Int>, bandRows: Int) -> Int {
    zip(range, rowCapacities(range, bandRows: bandRows)).reduce(0) { sum, next in
      let (index, rows) = next
      let step = steps[index]
      let map = index == range.upperBound - 1 ? 0 : step.output.rowBytes * rows
      return sum + map + step.roomBytes(rows: rows)
    }
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

  private mutating func placeOwnMaps(_ range: Range<Int>, bandRows: Int) {
    var count = 0
    /// Gives `view` room for `rows` rows after what has its place already.
    func place(_ view: inout MapView, rows: Int) {
      view.rolling = RollingMap(index: rollingCount, capacity: rows)
      view.placement.offset = count * MemoryLayout<Float>.stride / view.element.size
      rollingCount += 1
      let floats =
        (rows * view.rowBytes + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride
      // A cache line starts each map.
      count += (floats + 15) / 16 * 16
    }
    for (index, rows) in zip(range, rowCapacities(range, bandRows: bandRows)) {
      if index < range.upperBound - 1 {
        place(&steps[index].output, rows: rows)
        steps[index + 1].inputs[0] = steps[index].output
      }
      if case .convolution(let window, let activation, var border?) = steps[index].kind {
        place(&border, rows: window.stride * (rows - 1) + window.kernel)
        steps[index].kind = .convolution(window, activation, border: border)
      }
      if var row = steps[index].row {
        place(&row, rows: 1)
        steps[index].row = row
      }
    }
    scratchCount = max(scratchCount, count)
  }
}

extension Step {
  /// Bytes that computing `rows` rows takes beside the output.
  fileprivate func roomBytes(rows: Int) -> Int {
    guard case .convolution(let window, _, let border?) = kind else { return row?.rowBytes ?? 0 }
    return border.rowBytes * (window.stride * (rows - 1) + window.kernel) + (row?.rowBytes ?? 0)
  }
}
