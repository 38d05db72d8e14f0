/// A graph as kernel calls on one arena.
struct Program {
  var steps: [Step]
  /// Size of the arena in floats.
  var arenaCount: Int
  /// The dense image that the caller fills.
  var input: MapView
  /// Dense rows of each named output: first float in the arena.
  var outputs: [String: Int]
  /// Maps that are still there after the run.
  var taps: [String: MapView]

  /// Gives every storage its place in the arena.
  ///
  /// Storages count in floats, whatever they hold.
  init(
    planning steps: [Step], storageCounts: [Int], input: MapView,
    outputs: [(name: String, storage: Int)], taps: [String: MapView]
  ) {
    let end = steps.count
    var storages = storageCounts.map { Storage(count: $0, firstStep: end, lastStep: 0) }
    func touch(_ view: MapView, _ step: Int) {
      let storage = view.placement.storage
      storages[storage].firstStep = min(storages[storage].firstStep, step)
      storages[storage].lastStep = max(storages[storage].lastStep, step)
    }
    for (index, step) in steps.enumerated() {
      for view in step.views { touch(view, index) }
    }
    // The caller fills the input before the run, may run again without filling it, and reads the
    // outputs and taps after it.
    touch(input, 0)
    touch(input, end)
    for (_, storage) in outputs { storages[storage].lastStep = end }
    for view in taps.values { touch(view, end) }
    let plan = planMemory(storages)
    func resolved(_ view: MapView) -> MapView {
      var view = view
      let perFloat = Element.float32.size / view.element.size
      view.placement.offset += plan.offsets[view.placement.storage] * perFloat
      return view
    }
    self.steps = steps.map { $0.mapViews(resolved) }
    arenaCount = plan.arenaCount
    self.input = resolved(input)
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
    if case .convolution(_, _, let border?) = kind { views.append(border) }
    if case .gathered(_, _, _, let rows) = kind { views.append(rows) }
    return views
  }

  func mapViews(_ transform: (MapView) -> MapView) -> Step {
    var step = self
    step.inputs = inputs.map(transform)
    step.output = transform(output)
    step.residual = residual.map(transform)
    step.row = row.map(transform)
    if case .convolution(let window, let activation, let border?) = kind {
      step.kind = .convolution(window, activation, border: transform(border))
    }
    if case .gathered(let window, let groups, let activation, let rows) = kind {
      step.kind = .gathered(window, groups: groups, activation, rows: transform(rows))
    }
    return step
  }
}
