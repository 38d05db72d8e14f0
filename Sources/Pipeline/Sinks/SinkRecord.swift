internal import Media

/// What waits in the queue of a sink.
enum SinkRecord: QueueElement, Sendable {
  case started(SourceStart)
  case frame(FrameResult)
  case gap(Gap)
  case ended(SourceEnd)

  /// Only frames are dropped; a sink gets the start, the gaps and the end of each source.
  var isDroppable: Bool {
    if case .frame = self { true } else { false }
  }

  /// Keeps the audio of a dropped frame for the next frame, or for the end of the source.
  mutating func absorb(_ dropped: SinkRecord) {
    guard case .frame(let dropped) = dropped, !dropped.audio.isEmpty else { return }
    switch self {
    case .frame(var result) where result.source == dropped.source:
      result.origin.audio = dropped.audio + result.audio
      self = .frame(result)
    case .ended(var end) where end.source == dropped.source:
      end.audio = dropped.audio + end.audio
      self = .ended(end)
    case .started, .frame, .gap, .ended:
      break
    }
  }
}
