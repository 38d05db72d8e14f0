/// Steps that run together, band by band: a few rows of the last step's output at a time, and only
/// those rows of the maps in between that the band needs.
///
/// The maps between two steps then never leave the second-level cache. In an inverted residual
/// these are the wide maps before and after the depthwise convolution, as in "fused layer"
/// accelerators (Alwani et al. 2016, "Fused-layer CNN accelerators"). Maps between steps are
/// rolling: they hold the rows in use, and the rows that two bands share are computed once.
struct Chain: Hashable {
  /// Consecutive steps of the program; each reads what the one before it wrote.
  var steps: Range<Int>
  /// Rows of the last step's output in a band.
  var bandRows: Int
  /// Whether the rows of the output can be computed in any order, and by several threads.
  var isSeparable: Bool
}

/// Limits that decide which maps between steps become rolling.
struct ChainLimits {
  /// Threads that share a frame.
  var threads = 1
  /// Maximum size of a chain's rolling maps, in bytes.
  ///
  /// A chain that needs more, even for bands of a single row, is split.
  ///
  /// The maps share the second-level cache, 1 MiB on current processors, with the weights.
  var rollingBytes = 384 * 1024
  /// Minimum size of a map that is worth rolling, in bytes.
  ///
  /// Smaller maps stay in the second-level cache anyway, and a chain would read the weights again
  /// for each band.
  var worthwhileBytes = 400 * 1024
  /// The most weights of a step before or after such a map, as a multiple of the map's size.
  ///
  /// Each band reads the weights again. Once they are larger than the map, that costs more than
  /// keeping the map in the cache saves.
  var weightsPerMap = 1.0

  /// The limits for `threads` that share a frame.
  ///
  /// Each thread has its own second-level cache, and neighbouring shares both compute the rows that
  /// they have in common, so maps have to be larger before a chain pays off.
  static func sharing(_ threads: Int) -> ChainLimits {
    var limits = ChainLimits()
    limits.threads = threads
    limits.worthwhileBytes *= threads * threads
    return limits
  }
}

/// The chains of a program, and the memory that their rolling maps take.
///
/// Other scratch memory of a step, such as its zero-padded input, also belongs to each thread.
struct ChainPlan {
  private(set) var chains: [Chain] = []
  /// Floats of scratch memory that each thread needs.
  private(set) var scratchCount = 0
  /// Number of rolling maps in the whole program.
  private(set) var rollingCount = 0
  private(set) var steps: [Step]
  private let limits: ChainLimits
  /// The most steps of a chain, so that planning one takes little time; networks have ten or so.
  private static let longest = 64
  /// How often each storage is used by all steps together.
  private var uses: [Int: Int] = [:]

  /// Finds the chains of `steps` and makes the maps inside them rolling.
  ///
  /// - Parameters:
  ///   - steps: The program before memory is planned.
  ///   - kept: Storages that the caller fills before the run or reads after it.
  ///   - limits: Which maps may become rolling.
  init(_ steps: [Step], kept: Set<Int>, limits: ChainLimits) {
    self.steps = steps
    self.limits = limits
    for view in steps.lazy.flatMap(\.views) { uses[view.placement.storage, default: 0] += 1 }
    var first = 0
    for index in steps.indices
    where index - first + 1 >= Self.longest || !isLink(index, kept) {
      addChains(first..<index + 1)
      first = index + 1
    }
  }

  /// Whether the map between step `index` and the next is large enough to be rolling, and no other
  /// step uses it.
  private func isLink(_ index: Int, _ kept: Set<Int>) -> Bool {
    guard index + 1 < steps.count else { return false }
    let (step, next) = (steps[index], steps[index + 1])
    let view = step.output
    let storage = view.placement.storage
    guard step.isSeparable, next.isSeparable, step.scratch == nil, next.scratch == nil,
      next.inputs[0] == view, next.inputs.count == 1,
      !kept.contains(storage), view.bytes >= limits.worthwhileBytes
    else { return false }
    let weightBytes = max(step.weightBytes, next.weightBytes)
    guard Double(weightBytes) <= limits.weightsPerMap * Double(view.bytes) else { return false }
    func uses(in step: Step) -> Int { step.views.count { $0.placement.storage == storage } }
    return uses(in: next) == 1 && self.uses[storage] == uses(in: step) + 1
  }

  /// Adds the steps `range` as one chain, or as several if even a single row of each of their maps
  /// takes too much memory.
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
    if steps[last].scratch != nil {
      // It divides its rows itself.
      chains.append(Chain(steps: range, bandRows: max(height, 1), isSeparable: true))
      placeScratchMaps(range, bandRows: height)
      return
    }
    var rows = 0
    while rows < height, scratchBytes(range, bandRows: rows + 1) <= limits.rollingBytes {
      rows += 1
    }
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
    placeScratchMaps(range, bandRows: rows)
  }

  /// Bytes of scratch memory that each thread needs.
  private func scratchBytes(_ range: Range<Int>, bandRows: Int) -> Int {
    zip(range, rowCapacities(range, bandRows: bandRows)).reduce(0) { sum, next in
      let (index, rows) = next
      let step = steps[index]
      let map = index == range.upperBound - 1 ? 0 : step.output.rowBytes * rows
      return sum + map + step.extraBytes(rows: rows)
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

  private mutating func placeScratchMaps(_ range: Range<Int>, bandRows: Int) {
    var count = 0
    /// Places `rows` rows of `view` after the maps that were placed before.
    func place(_ view: inout MapView, rows: Int) {
      view.rolling = RollingMap(index: rollingCount, capacity: rows)
      view.placement.offset = count * MemoryLayout<Float>.stride / view.element.size
      rollingCount += 1
      let floats =
        (rows * view.rowBytes + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride
      // Each map starts at a cache line.
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
      if var scratch = steps[index].scratch {
        place(&scratch, rows: 1)
        steps[index].scratch = scratch
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
  /// Bytes of the weights that any row of the output needs; 0 for steps that have few.
  fileprivate var weightBytes: Int {
    switch kind {
    case .pointwise, .convolution, .integerPointwise, .integerConvolution:
      output.shape.channels * reductionLength * inputs[0].element.size
    default: 0
    }
  }

  /// Bytes of scratch memory, besides the output, that computing `rows` rows takes.
  fileprivate func extraBytes(rows: Int) -> Int {
    guard case .convolution(let window, _, let border?) = kind else { return row?.rowBytes ?? 0 }
    return border.rowBytes * (window.stride * (rows - 1) + window.kernel) + (row?.rowBytes ?? 0)
  }
}
