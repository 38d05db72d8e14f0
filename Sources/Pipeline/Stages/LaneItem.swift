internal import Media

/// A record of a source or the outcome of a frame, on its way to the ordered stage.
///
/// The decode stage sends the records, the workers send the outcomes, and the numbers of the lane
/// put both in order.
struct LaneItem: QueueElement, Sendable {
  enum Content: Sendable {
    case started(SourceStart)
    case result(FrameResult)
    /// The frame could not be analysed.
    case failed(EndReason, audio: [Packet])
    /// The run was cancelled before the frame was analysed.
    case cancelled
    /// Sound that doesn't wait for the next frame.
    case audio(source: String, [Packet])
    /// The frame was too old when its turn came.
    case outdated(audio: [Packet])
    case gap(Gap)
    case ended(LaneEnd)
  }

  var lane: Int
  var content: Content
  /// The bytes that its frame held when a worker took it.
  var heldBytes = 0

  /// Whether it is the outcome of a frame rather than a record of the source.
  var isFrame: Bool {
    switch content {
    case .result, .failed, .cancelled, .outdated: true
    case .started, .audio, .gap, .ended: false
    }
  }
}

/// What the decode stage knows at the end of a source; the ordered stage adds what it has counted.
struct LaneEnd: Sendable {
  var source: String
  var status: SourceEnd.Status
  var reason: EndReason?
  /// Without the frames that went to the workers.
  var counts = FrameCounts()
  /// Whether the selection ended the source.
  var isCutShort = false
  var reconnects = 0
  var repairedTimestamps = 0
  var opened: ContinuousClock.Instant
  var audio: [Packet] = []
}
