internal import Media

/// What waits in the queue of a sink.
enum SinkRecord: QueueElement, Sendable {
  case started(SourceStart)
  case frame(FrameResult)
  case audio(source: String, [Packet])
  case gap(Gap)
  case ended(SourceEnd)

  /// Only frames are dropped; a sink gets the start, the gaps and the end of each source.
  var isDroppable: Bool {
    if case .frame = self { true } else { false }
  }

  var byteCount: Int {
    switch self {
    case .frame(let result): result.frame?.byteCount ?? 0
    case .audio(_, let packets): packets.reduce(0) { $0 + $1.byteCount }
    case .started, .gap, .ended: 0
    }
  }

  /// Keeps the audio of a dropped frame for the next frame of its source, or for its end.
  mutating func absorb(_ dropped: SinkRecord) -> Bool {
    guard case .frame(let dropped) = dropped, !dropped.audio.isEmpty else { return true }
    switch self {
    case .audio(dropped.source, let packets):
      self = .audio(source: dropped.source, boundedAudio(dropped.audio + packets))
    case .frame(var result) where result.source == dropped.source:
      result.origin.audio = boundedAudio(dropped.audio + result.audio)
      self = .frame(result)
    case .ended(var end) where end.source == dropped.source:
      end.audio = boundedAudio(dropped.audio + end.audio)
      self = .ended(end)
    case .started, .frame, .audio, .gap, .ended:
      return false
    }
    return true
  }

  /// The frame without its picture, if it has audio.
  var remains: SinkRecord? {
    guard case .frame(var result) = self, !result.audio.isEmpty else { return nil }
    result.origin.picture = nil
    result.detections = []
    return .frame(result)
  }
}
