import CFFmpeg

/// When a frame is displayed, in ticks of its stream's time base.
public struct PresentationTime: Hashable, Sendable {
  /// The number of ticks.
  public var pts: Int64
  /// The length of a tick.
  public var timeBase: TimeBase

  /// Creates a time of `pts` ticks of `timeBase`.
  public init(pts: Int64, timeBase: TimeBase) {
    self.pts = pts
    self.timeBase = timeBase
  }

  /// The time in seconds on the stream's own clock.
  public var seconds: Double { timeBase.seconds(pts) }

  /// The same time in ticks of `other`, rounded to the nearest.
  public func rescaled(to other: TimeBase) -> PresentationTime {
    let ticks = av_rescale_q_rnd(pts, timeBase.raw, other.raw, AV_ROUND_NEAR_INF)
    return PresentationTime(pts: ticks, timeBase: other)
  }
}
