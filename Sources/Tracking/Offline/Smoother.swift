internal import Geometry

/// Smooths the boxes of a path forwards and backwards, and fills its gaps.
///
/// The smoother of Rauch, Tung and Striebel 1965 on the motion model of `AxisFilter`. Sizes come
/// first: with them, an object that the border of the frame cuts off is placed by the edge that can
/// be seen.
struct Smoother: Sendable {
  let tuning: TrackerTuning

  /// One axis of a smoothed box.
  struct State: Sendable {
    /// Centre, in pixels of the frame.
    var position = 0.0
    /// Pixels per second, without the camera's motion.
    var velocity = 0.0
    /// Width or height.
    var size = 0.0
  }

  /// The smoothed axes of each step.
  private(set) var x: [State] = []
  private(set) var y: [State] = []
  // Kept between calls for their memory.
  private var spans: [VisibleSpan?] = []
  private var variances: [Double] = []
  private var growths: [Double] = []
  private var filtered: [AxisFilter] = []
  private var predicted: [AxisFilter] = []

  init(tuning: TrackerTuning) { self.tuning = tuning }

  /// One axis of boxes and frames.
  private enum Axis {
    case x, y

    func span(_ box: PixelBox, _ step: MotionStep, noise: Double) -> VisibleSpan {
      switch self {
      case .x:
        VisibleSpan(start: box.x, length: box.width, limit: step.size?.width, noise: noise)
      case .y:
        VisibleSpan(start: box.y, length: box.height, limit: step.size?.height, noise: noise)
      }
    }

    func shift(_ step: MotionStep) -> Double { self == .x ? step.shift.x : step.shift.y }
  }

  /// Smooths `steps`, and leaves the result in `x` and `y`.
  ///
  /// - Parameters:
  ///   - steps: In order of time; at least one has a box.
  ///   - isStill: In which of them the object stays in its place.
  mutating func smooth(_ steps: [MotionStep], isStill: [Bool]) {
    let width = lengths(steps, .x)
    let height = lengths(steps, .y)
    let sides = zip(width, height).map { ($0 * $1).squareRoot() }
    filter(steps, isStill, .x, lengths: width, sides: sides)
    x = backward(steps, .x, lengths: width)
    filter(steps, isStill, .y, lengths: height, sides: sides)
    y = backward(steps, .y, lengths: height)
  }

  // MARK: Sizes

  /// The smoothed length of each step along one axis, a random walk.
  private mutating func lengths(_ steps: [MotionStep], _ axis: Axis) -> [Double] {
    spans.removeAll(keepingCapacity: true)
    for step in steps {
      spans.append(step.box.map { axis.span($0, step, noise: tuning.positionNoise) })
    }
    // Where the object can nowhere be seen whole, what can be seen has to do.
    let isNeverWhole = !spans.contains { $0?.isWhole ?? false }
    var value = 0.0
    var variance = Double.infinity
    var values: [Double] = []
    values.reserveCapacity(steps.count)
    variances.removeAll(keepingCapacity: true)
    growths.removeAll(keepingCapacity: true)
    for (index, span) in spans.enumerated() {
      let seconds = index > 0 ? max(steps[index].time - steps[index - 1].time, 0) : 0
      let growth = square(tuning.growth * value) * seconds
      growths.append(growth)
      variance += growth
      if let span, span.isWhole || isNeverWhole {
        let noise = square(tuning.sizeNoise * span.length)
        let gain = variance.isFinite ? variance / (variance + noise) : 1
        value += gain * (span.length - value)
        variance = variance.isFinite ? variance * (1 - gain) : noise
      }
      values.append(value)
      variances.append(variance)
    }
    for index in values.indices.dropLast().reversed() {
      let gain =
        variances[index].isFinite ? variances[index] / (variances[index] + growths[index + 1]) : 1
      values[index] += gain * (values[index + 1] - values[index])
    }
    for (index, span) in spans.enumerated() {
      // It is at least as long as what can be seen of it.
      values[index] = max(values[index], span.map { $0.isWhole ? 0 : $0.length } ?? 0, 1)
    }
    return values
  }

  // MARK: Centres

  /// The forward pass.
  private mutating func filter(
    _ steps: [MotionStep], _ isStill: [Bool], _ axis: Axis, lengths: [Double], sides: [Double]
  ) {
    filtered.removeAll(keepingCapacity: true)
    predicted.removeAll(keepingCapacity: true)
    var filter: AxisFilter?
    var drift = 0.0
    for (index, step) in steps.enumerated() {
      if index > 0 {
        let share = isStill[index] ? tuning.stationaryAcceleration : 1
        filter?.predict(
          max(step.time - steps[index - 1].time, 0),
          acceleration: square(tuning.smoothing * sides[index]) * share
            * tuning.boost(drift: drift),
          growth: 0)
      }
      let before = filter
      if let box = step.box {
        let seen = axis.span(box, step, noise: tuning.positionNoise)
        let observed = seen.centre(size: lengths[index]) - axis.shift(step)
        let noise = square(tuning.positionNoise * lengths[index])
        if let before {
          let deviation = (before.positionVariance + noise).squareRoot()
          drift += tuning.manoeuvreRate * ((observed - before.position) / deviation - drift)
          filter?.updatePosition(observed, variance: noise)
        } else {
          filter = AxisFilter(
            position: observed, size: 0, positionVariance: noise,
            velocityVariance: square(tuning.firstVelocity * sides[index]), sizeVariance: 0)
        }
      }
      if let filter {
        filtered.append(filter)
        predicted.append(before ?? filter)
      }
    }
  }

  /// The backward pass; the steps before the first box have no filter.
  private func backward(_ steps: [MotionStep], _ axis: Axis, lengths: [Double]) -> [State] {
    var states = [State](repeating: State(), count: steps.count)
    guard let last = filtered.last else { return states }
    let unseen = steps.count - filtered.count
    var (position, velocity) = (last.position, last.velocity)
    for index in steps.indices.reversed() {
      let seconds = index + 1 < steps.count ? max(steps[index + 1].time - steps[index].time, 0) : 0
      if index < unseen {
        // Before it was first seen it moved as it did then.
        position -= velocity * seconds
      } else if index + 1 < steps.count {
        (position, velocity) = filtered[index - unseen].smoothed(
          next: predicted[index - unseen + 1], position: position, velocity: velocity, seconds)
      }
      states[index] = State(
        position: position + axis.shift(steps[index]), velocity: velocity, size: lengths[index])
    }
    return states
  }
}

extension AxisFilter {
  /// The centre and its velocity, given those `seconds` later after smoothing, and `next`, what
  /// this state predicted for then.
  fileprivate func smoothed(
    next: AxisFilter, position later: Double, velocity laterVelocity: Double, _ seconds: Double
  ) -> (position: Double, velocity: Double) {
    let determinant = next.positionVariance * next.velocityVariance - square(next.covariance)
    guard determinant > 0 else { return (later, laterVelocity) }
    let (dp, dv) = (later - next.position, laterVelocity - next.velocity)
    let u = (next.velocityVariance * dp - next.covariance * dv) / determinant
    let v = (next.positionVariance * dv - next.covariance * dp) / determinant
    // The smoother's gain is P Fᵀ over the predicted covariance.
    return (
      position + (positionVariance + seconds * covariance) * u + covariance * v,
      velocity + (covariance + seconds * velocityVariance) * u + velocityVariance * v
    )
  }
}
