internal import Geometry

/// Finds the parts of a path in which the object stays in its place.
struct Stillness {
  let tuning: TrackerTuning

  /// Whether the object is still in each of `steps`.
  func flags(_ steps: [MotionStep]) -> [Bool] {
    var flags = [Bool](repeating: false, count: steps.count)
    var run: Run?
    func close(_ run: Run) {
      guard steps[run.last].time - steps[run.first].time >= tuning.stationaryAfter else { return }
      for index in run.first...run.last { flags[index] = true }
    }
    for (index, step) in steps.enumerated() {
      guard let box = step.box else { continue }
      let (x, y) = (box.centreX - step.shift.x, box.centreY - step.shift.y)
      if var open = run {
        let range = tuning.stationaryRange * box.area.squareRoot()
        if square(x - open.x / open.count) + square(y - open.y / open.count) <= square(range) {
          open.add(x, y, at: index)
          run = open
          continue
        }
        open.outside += 1
        run = open
        // One box outside may be a bad one.
        if open.outside < 2 { continue }
        close(open)
      }
      run = Run(x, y, at: index)
    }
    if let run { close(run) }
    return flags
  }

  /// Steps near their common mean.
  private struct Run {
    var first: Int
    var last: Int
    /// Sums of the centres.
    var x: Double
    var y: Double
    var count = 1.0
    /// How many in succession were away from the mean.
    var outside = 0

    init(_ x: Double, _ y: Double, at index: Int) {
      (first, last) = (index, index)
      (self.x, self.y) = (x, y)
    }

    mutating func add(_ x: Double, _ y: Double, at index: Int) {
      self.x += x
      self.y += y
      count += 1
      last = index
      outside = 0
    }
  }
}
