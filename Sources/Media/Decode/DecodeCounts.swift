/// Counts the packets that went into a decoder, and the frames and errors that came out.
struct DecodeCounts {
  /// Packets sent to the decoder, plus those that the demuxer skipped as damaged.
  private(set) var packets = 0
  /// Decoded frames.
  var frames = 0
  /// Decoder errors, plus damaged stretches that the demuxer skipped.
  var errors = 0
  private var pendingReadErrors = 0

  /// After more failed reads in a row than this, the demuxer isn't expected to recover.
  private static let maxConsecutiveReadErrors = 32

  /// Records a damaged stretch and returns whether to read on.
  ///
  /// The stretch counts as a lost packet only if another packet follows; otherwise it is the end of
  /// the source.
  mutating func canSkipReadError() -> Bool {
    pendingReadErrors += 1
    return pendingReadErrors <= Self.maxConsecutiveReadErrors
  }

  /// Counts a packet on its way into the decoder.
  mutating func sentPacket() {
    packets += 1
    // Each skipped stretch would have been a packet.
    packets += pendingReadErrors
    errors += pendingReadErrors
    pendingReadErrors = 0
  }

  /// Goes on after so many packets, of which some were not read.
  mutating func jump(to number: Int) { packets = number }

  /// The number of packets that gave no frame.
  ///
  /// A decoder may report an error and still output the frame, so once decoding is complete the
  /// errors are limited to the number of packets without a frame.
  func failed(isComplete: Bool) -> Int {
    isComplete ? min(errors, max(0, packets - frames)) : errors
  }
}

extension DecodeCounts {
  /// The error for a source without a frame.
  func nothingDecoded(
    _ truncation: String?, source: String, _ kind: SourceKind
  ) -> MediaError {
    let message =
      truncation
      ?? (packets == 0
        ? "Its video stream is empty."
        : "None of its \(packets) video packets could be decoded.")
    return MediaError(
      packets == 0 && truncation == nil ? .noVideo : .invalidData, source: source,
      message: message, remedy: "Check that the source is complete and plays elsewhere.",
      isTransient: kind == .live)
  }
}
