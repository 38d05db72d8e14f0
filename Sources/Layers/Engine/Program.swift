/// A graph as kernel calls on one arena.
struct Program {
  var steps: [Step]
  /// All steps in order, grouped into chains that run band by band.
  var chains: [Chain]
  /// Number of rolling maps, and floats of scratch memory that each thread needs for them.
  var rollingCount: Int
  var scratchCount: Int
  /// Size of the arena in floats.
  var arenaCount: Int
  /// The dense image that the caller fills.
  var input: MapView
  /// The same image as 8-bit pixels, if the layer that reads it can use them.
  var pixels: MapView?
  /// First float in the arena of each named output, whose rows are dense.
  var outputs: [String: Int]
  /// Maps that are kept until the next run.
  var taps: [String: MapView]

  /// Gives every storage its place in the arena.
  ///
  /// Storages are measured in floats, whatever their elements are.
  init(
    planning steps: [Step], storageCounts: [Int], input: MapView, pixels: MapView?,
    outputs: [(name: String, storage: Int)], taps: [String: MapView], limits: ChainLimits
  ) {
    let kept =
      [input.placement.storage] + outputs.map(\.storage) + taps.values.map(\.placement.storage)
    let chainPlan = ChainPlan(steps, kept: Set(kept), limits: limits)
    chains = chainPlan.chains
    rollingCount = chainPlan.rollingCount
    scratchCount = chainPlan.scratchCount
    // Within a chain all maps are in use at the same time.
    let end = chains.count
    var storages = storageCounts.map { Storage(count: $0, firstStep: end, lastStep: 0) }
    func touch(_ view: MapView, _ chain: Int) {
      guard view.rolling == nil else { return }
      let storage = view.placement.storage
      storages[storage].firstStep = min(storages[storage].firstStep, chain)
      storages[storage].lastStep = max(storages[storage].lastStep, chain)
    }
    for (index, chain) in chains.enumerated() {
      for step in chainPlan.steps[chain.steps] {
        for view in step.views { touch(view, index) }
      }
    }
    for index in storages.indices where storages[index].firstStep == end {
      storages[index].count = 0
    }
    // The caller fills the input before the run, may run again without filling it, and reads the
    // outputs and taps after it.
    for view in [input, pixels].compactMap({ $0 }) {
      touch(view, 0)
      touch(view, end)
    }
    for (_, storage) in outputs { storages[storage].lastStep = end }
    for view in taps.values { touch(view, end) }
    let plan = planMemory(storages)
    func resolved(_ view: MapView) -> MapView {
      guard view.rolling == nil else { return view }
      var view = view
      let perFloat = Element.float32.size / view.element.size
      view.placement.offset += plan.offsets[view.placement.storage] * perFloat
      return view
    }
    self.steps = chainPlan.steps.map { $0.mapViews(resolved) }
    arenaCount = plan.arenaCount
    self.input = resolved(input)
    self.pixels = pixels.map(resolved)
    self.outputs = Dictionary(
      uniqueKeysWithValues: outputs.map { ($0.name, plan.offsets[$0.storage]) })
    self.taps = taps.mapValues(resolved)
  }
}

extension Step {
  /// Every map that the step reads or writes.
  var views: [MapView] {
    var views = inputs + [output]
    if let residual { views.append(residual) }
    if let row { views.append(row) }
    if let pixels { views.append(pixels.view) }
    if case .convolution(_, _, let border?) = kind { views.append(border) }
    if case .gathered(_, _, _, let rows) = kind { views.append(rows) }
    if let scratch { views.append(scratch) }
    return views
  }

  func mapViews(_ transform: (MapView) -> MapView) -> Step {
    var step = self
    step.inputs = inputs.map(transform)
    step.output = transform(output)
    step.residual = residual.map(transform)
    step.row = row.map(transform)
    if let pixels { step.pixels?.view = transform(pixels.view) }
    if case .convolution(let window, let activation, let border?) = kind {
      step.kind = .convolution(window, activation, border: transform(border))
    }
    if case .gathered(let window, let groups, let activation, let rows) = kind {
      step.kind = .gathered(window, groups: groups, activation, rows: transform(rows))
    }
    if let scratch { step.scratch = transform(scratch) }
    return step
  }
}
