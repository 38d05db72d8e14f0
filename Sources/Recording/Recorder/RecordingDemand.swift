/// What is to be recorded.
package enum RecordingMode: Hashable, Sendable {
  /// Everything.
  case continuous
  /// What is asked for: motion, or events.
  case onDemand
}

/// Whether a recording is wanted, by all that asks for it.
struct RecordingDemand {
  private let mode: RecordingMode
  /// What has begun and not ended.
  private var going: Set<Int> = []
  /// Up to when it is wanted in any case, in seconds of `RecorderClock`.
  private(set) var until = -Double.infinity

  init(_ mode: RecordingMode) { self.mode = mode }

  /// Something begins, whose end will be told.
  mutating func begin(_ cause: Int) { going.insert(cause) }

  /// Something ends; the recording is wanted up to `moment` still.
  mutating func end(_ cause: Int, until moment: Double) {
    going.remove(cause)
    extend(until: moment)
  }

  /// The recording is wanted up to `moment` at least.
  mutating func extend(until moment: Double) { until = max(until, moment) }

  /// Whether a packet that arrived at `moment` is wanted.
  func wants(_ moment: Double) -> Bool {
    mode == .continuous || !going.isEmpty || moment <= until
  }
}
