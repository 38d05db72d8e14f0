/// What went into a decoder and what came out of it.
struct DecodeCounts {
  /// Packets given to the decoder.
  private(set) var packets = 0
  /// Frames that came out.
  var frames = 0
  /// Errors that the decoder gave, and damaged stretches that the demuxer passed over.
  var errors = 0
  private var pendingReadErrors = 0

  /// A demuxer that finds nothing but damage for this many reads in a row has lost the thread.
  private static let patience = 32

  /// Whether to read on after a damaged stretch.
  ///
  /// It counts once a packet follows: without one it is the end of the source, not a frame.
  mutating func canPassReadError() -> Bool {
    pendingReadErrors += 1
    return pendingReadErrors <= Self.patience
  }

  /// Counts a packet on its way into the decoder.
  mutating func sentPacket() {
    packets += 1
    // What was passed over would have been a packet each.
    packets += pendingReadErrors
    errors += pendingReadErrors
    pendingReadErrors = 0
  }

  /// The packets that came to nothing.
  ///
  /// A decoder may report an error and give out the frame nevertheless; once all frames are out, the
  /// failures cannot outnumber the packets without one.
  func failed(isComplete: Bool) -> Int {
    isComplete ? min(errors, max(0, packets - frames)) : errors
  }
}
