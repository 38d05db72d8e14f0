internal import Media

/// What a decode stage sends, in order.
enum LaneItem: QueueElement, Sendable {
  case started(SourceStart)
  case frame(FrameWork)
  case gap(Gap)
  case ended(LaneEnd)

  /// Only frames are; what starts or ends something arrives.
  var isDroppable: Bool {
    if case .frame = self { true } else { false }
  }

  /// Keeps the audio of a dropped frame, so that dropped pictures leave no hole in the sound.
  mutating func absorb(_ dropped: LaneItem) {
    if case .frame(let dropped) = dropped, case .frame(let frame) = self { frame.absorb(dropped) }
  }

  /// Frames are that are looked at in several views.
  var isShareable: Bool {
    if case .frame(let work) = self { work.isShareable } else { false }
  }

  func join() -> Bool {
    if case .frame(let work) = self { work.join() } else { false }
  }
}

/// What the decode stage knows at the end of a source; the output stage knows the rest.
struct LaneEnd: Sendable {
  var source: String
  var status: SourceEnd.Status
  var reason: EndReason?
  /// Without what became of the frames that were sent.
  var counts = FrameCounts()
  /// Whether the selection ended the source.
  var isCutShort = false
  var reconnects = 0
  var repairedTimestamps = 0
  var opened: ContinuousClock.Instant
  var audio: [Packet] = []
}

/// What the sinks' queue gets, in the order of each lane.
struct OutputItem: QueueElement, Sendable {
  enum Content: Sendable {
    case started(SourceStart)
    case result(FrameResult)
    /// The frame could not be looked at.
    case failed(EndReason, audio: [Packet])
    /// The run was cancelled before the frame was looked at.
    case cancelled
    case gap(Gap)
    case ended(LaneEnd)
  }

  var lane: Int
  var content: Content
}
