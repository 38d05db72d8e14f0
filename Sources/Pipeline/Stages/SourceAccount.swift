internal import Media

/// The counts of one source, from its start to its end.
///
/// The ordered stage keeps one for the current source of each lane, and passes it the outcomes of
/// frames in order. Other state that has to see all frames of a source in order (tracks, zones,
/// events) belongs beside it.
struct SourceAccount {
  private var counts = FrameCounts()
  private var objects = 0
  /// Frames that were dropped because the run was cancelled.
  private var cancelled = 0
  private var corrupt = 0
  private var firstT: Double?
  private var lastT: Double?
  private var lastFailure: EndReason?
  /// Audio of frames that failed, for the next one that doesn't.
  private var audio: [Packet] = []

  /// Counts a frame with a result, and returns the result for the sinks.
  mutating func process(_ result: FrameResult) -> FrameResult {
    counts.processed += 1
    objects += result.detections.count
    if result.isCorrupt { corrupt += 1 }
    firstT = firstT ?? result.t
    lastT = result.t
    guard !audio.isEmpty else { return result }
    var result = result
    result.origin.audio = audio + result.audio
    audio = []
    return result
  }

  /// Counts a frame that could not be analysed.
  mutating func fail(_ reason: EndReason, audio packets: [Packet]) {
    counts.failed += 1
    lastFailure = reason
    audio = boundedAudio(audio + packets)
  }

  /// The audio of frames that failed, for something else than a frame.
  mutating func takeAudio() -> [Packet] {
    defer { audio = [] }
    return audio
  }

  /// Counts a frame that the cancelled run dropped.
  mutating func drop() {
    counts.dropped += 1
    cancelled += 1
  }

  /// Counts a frame that was too old to be analysed.
  mutating func skip(audio packets: [Packet]) {
    counts.dropped += 1
    audio = boundedAudio(audio + packets)
  }

  /// The end record of the source.
  func end(_ laneEnd: LaneEnd) -> SourceEnd {
    var total = laneEnd.counts
    total += counts
    assert(total.isBalanced, "frames of \(laneEnd.source) are lost: \(total)")
    var end = SourceEnd(
      source: laneEnd.source, status: laneEnd.status, reason: laneEnd.reason, counts: total,
      objects: objects, corrupt: corrupt, reconnects: laneEnd.reconnects,
      ptsRepaired: laneEnd.repairedTimestamps, firstT: firstT, lastT: lastT,
      elapsed: laneEnd.opened.duration(to: .now).seconds, audio: audio + laneEnd.audio)
    if end.status == .complete, cancelled > 0 {
      (end.status, end.reason) = (.stopped, .stopped)
    } else if end.status == .complete, let reason = emptiness(of: laneEnd, total) {
      (end.status, end.reason) = (.failed, reason)
    }
    return end
  }

  /// Why a source that was read to its end yielded nothing, if it did.
  private func emptiness(of end: LaneEnd, _ counts: FrameCounts) -> EndReason? {
    if counts.processed == 0, counts.failed > 0 {
      return lastFailure
        ?? EndReason(
          code: "no_frames", message: "None of its \(counts.failed) frames could be decoded.",
          remedy: "Check that it plays elsewhere.", isTransient: false)
    }
    guard counts.decoded == 0, !end.isCutShort else { return nil }
    return EndReason(
      code: "no_frames", message: "The video stream holds no frame.",
      remedy: "Check that it plays elsewhere.", isTransient: false)
  }
}
