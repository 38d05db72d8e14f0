/// What the timestamps of a stream's packets show about its frame rate, gaps and jumps.
public struct TimestampAnalysis: Sendable, Hashable, Codable {
  /// A long interval without a new frame.
  public struct Gap: Sendable, Hashable, Codable {
    /// Seconds from the first frame to the start of the gap.
    public var at: Double
    /// Its length in seconds.
    public var seconds: Double
  }

  /// A place where the timestamps jump back.
  public struct Jump: Sendable, Hashable, Codable {
    /// The number of packets before it.
    public var packet: Int
    /// Seconds on the stream's clock before it.
    public var from: Double
    /// Seconds on the stream's clock after it.
    public var to: Double
  }

  /// Whether the intervals between frames differ, not counting gaps.
  public var isVariableFrameRate = false
  /// The median interval between frames, in seconds.
  public var typicalInterval: Double?
  /// The shortest interval between frames, in seconds.
  public var shortestInterval: Double?
  /// The longest interval between frames, in seconds.
  public var longestInterval: Double?
  /// Intervals longer than half a second and than five times the typical interval; the first 100.
  public var gaps: [Gap] = []
  /// Where the timestamps jump back; the first 100.
  public var jumps: [Jump] = []
  /// The number of packets without a timestamp.
  public var missing = 0

  /// One packet's timestamps, in ticks.
  struct Times {
    var pts: Int64?
    var dts: Int64?
  }

  /// Analyses the timestamps of `packets`, which are in file order.
  ///
  /// The container's counter starts again at zero after `period` ticks, if it does: FFmpeg adds a
  /// period to times before the first one, so a clock that is set back looks like one far ahead.
  ///
  /// - Complexity: O(n log n) in the number of packets.
  init(_ packets: [Times], timeBase: TimeBase, period: Int64? = nil) {
    missing = packets.count { $0.pts == nil && $0.dts == nil }
    let packets = period.map { Self.unwrapped(packets, period: $0) } ?? packets
    let segments = findJumps(packets, timeBase: timeBase)
    let runs = segments.map { $0.sorted() }
    let intervals = runs.flatMap { zip($0.dropFirst(), $0).map { $0.saturatingSubtract($1) } }
      .filter { $0 > 0 }.sorted()
    guard let shortest = intervals.first, let longest = intervals.last else { return }
    let typical = intervals[intervals.count / 2]
    typicalInterval = timeBase.seconds(typical)
    shortestInterval = timeBase.seconds(shortest)
    longestInterval = timeBase.seconds(longest)
    let gap = max(typical.saturatingMultiply(5), timeBase.ticks(0.5))
    findGaps(runs, longerThan: gap, timeBase: timeBase)
    // If ticks can't represent a rate exactly, intervals vary by one tick; and one irregular frame
    // in fifty doesn't make the rate variable.
    let tolerance = max(1, typical / 20)
    let odd = intervals.count { $0 <= gap && $0.saturatingSubtract(typical).magnitude > tolerance }
    isVariableFrameRate = odd * 50 > intervals.count
  }

  /// The times less the periods that bring each decoding time nearest to the one before it.
  private static func unwrapped(_ packets: [Times], period: Int64) -> [Times] {
    var last: Int64?
    return packets.map { packet in
      guard let dts = packet.dts else { return packet }
      var shift: Int64 = 0
      if let last, dts.saturatingSubtract(last) > period / 2 {
        shift = dts.saturatingSubtract(last).saturatingAdd(period / 2) / period * period
      }
      last = dts.saturatingSubtract(shift)
      return Times(pts: packet.pts?.saturatingSubtract(shift), dts: last)
    }
  }

  /// Splits the times where decoding times, which only increase in an intact file, jump back.
  private mutating func findJumps(_ packets: [Times], timeBase: TimeBase) -> [[Int64]] {
    var segments: [[Int64]] = [[]]
    var last: Int64?
    for (index, packet) in packets.enumerated() {
      if let dts = packet.dts {
        if let last, dts < last {
          segments.append([])
          if jumps.count < 100 {
            jumps.append(
              Jump(packet: index, from: timeBase.seconds(last), to: timeBase.seconds(dts)))
          }
        }
        last = dts
      }
      if let time = packet.pts ?? packet.dts { segments[segments.count - 1].append(time) }
    }
    return segments
  }

  private mutating func findGaps(
    _ runs: [[Int64]], longerThan limit: Int64, timeBase: TimeBase
  ) {
    guard let first = runs.first?.first else { return }
    for run in runs {
      for (time, next) in zip(run, run.dropFirst()) where next.saturatingSubtract(time) > limit {
        guard gaps.count < 100 else { return }
        gaps.append(
          Gap(
            at: timeBase.seconds(time.saturatingSubtract(first)),
            seconds: timeBase.seconds(next.saturatingSubtract(time))))
      }
    }
  }
}

extension Int64 {
  fileprivate func saturatingMultiply(_ factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}
