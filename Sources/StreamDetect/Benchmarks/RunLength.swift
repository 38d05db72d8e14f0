/// How long something is repeated.
package enum RunLength: Hashable, Sendable {
  /// That many times.
  case runs(Int)
  /// For that many seconds.
  case seconds(Double)

  /// A tenth of it, in which caches and clock rates settle.
  var warmUp: RunLength {
    switch self {
    case .runs(let count): .runs(max(3, count / 10))
    case .seconds(let seconds): .seconds(seconds / 10)
    }
  }

  /// Repeats `body`, at least once, and returns the seconds of each run.
  package func times(_ body: () -> Void) -> [Double] {
    var times: [Double] = []
    forEachRun { times.append(timed(body)) }
    return times
  }

  /// Repeats `body`, at least once.
  func forEachRun(_ body: () -> Void) {
    switch self {
    case .runs(let count):
      for _ in 0..<count { body() }
    case .seconds(let seconds):
      let clock = ContinuousClock()
      let end = clock.now + .seconds(seconds)
      repeat { body() } while clock.now < end
    }
  }
}
