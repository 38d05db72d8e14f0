/// The time one stage took, summed over frames and threads.
public struct StageTiming: Hashable, Sendable {
  /// How many frames passed.
  public var count = 0
  /// The time of all of them.
  public var total = Duration.zero
  /// The time of the slowest.
  public var maximum = Duration.zero

  /// A stage without frames.
  public init() {}

  /// The average time of a frame; zero without frames.
  public var mean: Duration { count == 0 ? .zero : total / count }

  /// Adds the time of one frame.
  package mutating func add(_ duration: Duration) {
    count += 1
    total += duration
    maximum = max(maximum, duration)
  }

  mutating func add(_ other: StageTiming) {
    count += other.count
    total += other.total
    maximum = max(maximum, other.maximum)
  }
}

/// The time that each stage of a run took.
///
/// Stages run at the same time, so the totals may add up to more than the run took. Waiting for
/// another stage is not counted. A frame that is analysed in tiles counts once, with the time of
/// all its tiles.
public struct StageTimings: Hashable, Sendable {
  /// Reading and decoding.
  public var decode = StageTiming()
  /// From the decoder's pixels to the network's input.
  public var scale = StageTiming()
  /// The network itself.
  public var inference = StageTiming()
  /// From scores to boxes: decoding, suppression.
  public var postprocess = StageTiming()
  /// The sinks, each counting its own frames.
  public var output = StageTiming()

  /// Timings of a run without frames.
  public init() {}

  mutating func add(_ other: StageTimings) {
    decode.add(other.decode)
    scale.add(other.scale)
    inference.add(other.inference)
    postprocess.add(other.postprocess)
    output.add(other.output)
  }
}

extension Duration {
  /// The duration as a number of seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
