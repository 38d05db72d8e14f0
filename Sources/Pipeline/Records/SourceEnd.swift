public import Media
public import Tracking

/// How a source ended.
///
/// Every source has one, even one that could not be opened.
public struct SourceEnd: Sendable {
  /// How much of the source was analysed.
  public enum Status: String, CaseIterable, Sendable {
    /// All of it, or all that was asked for.
    case complete
    /// It broke off after at least one frame.
    case truncated
    /// It was read to its end, but parts before it that it declared never came.
    case gaps
    /// It could not be opened, none of its frames could be analysed, or a live source was given up.
    case failed
    /// The run was stopped before the source ended.
    case stopped
  }

  /// The user's stable name for the source.
  public var source: String
  /// How much of the source was analysed.
  public var status: Status
  /// Why it was not complete, or why a complete one has no result.
  public var reason: EndReason?
  /// What happened to its frames.
  public var counts: FrameCounts
  /// Detections in all frames.
  public var objects: Int
  /// How many frames with a result are marked as damaged.
  public var corrupt: Int
  /// How often the connection was restored.
  public var reconnects: Int
  /// How many time stamps had to be repaired to keep `t` from falling.
  public var ptsRepaired: Int
  /// `t` of the first frame with a result.
  public var firstT: Double?
  /// `t` of the last frame with a result.
  public var lastT: Double?
  /// Seconds of work, from opening to this record.
  public var elapsed: Double
  /// The audio read after the last frame; only if the sink asks for audio.
  public var audio: [Packet]
  /// The events that ended with the source.
  public var events: [ObjectEvent] = []

  /// Makes a record from its parts.
  public init(
    source: String, status: Status, reason: EndReason? = nil, counts: FrameCounts = FrameCounts(),
    objects: Int = 0, corrupt: Int = 0, reconnects: Int = 0, ptsRepaired: Int = 0,
    firstT: Double? = nil,
    lastT: Double? = nil, elapsed: Double = 0, audio: [Packet] = []
  ) {
    self.source = source
    self.status = status
    self.reason = reason
    self.counts = counts
    self.objects = objects
    self.corrupt = corrupt
    self.reconnects = reconnects
    self.ptsRepaired = ptsRepaired
    self.firstT = firstT
    self.lastT = lastT
    self.elapsed = elapsed
    self.audio = audio
  }
}

extension SourceEnd {
  /// Whether frames are missing that should have been there.
  public var isIncomplete: Bool { [.truncated, .gaps, .failed].contains(status) }
}
