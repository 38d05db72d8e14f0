/// How far the clock of a source is believed.
struct ClockLimits: Hashable {
  /// Seconds that a timestamp may be ahead of what is expected.
  ///
  /// As far as FFmpeg believes containers whose clock is that of their file.
  var ahead = 30.0 * 3600
  /// The bits of the container's counter, 64 for one that doesn't wrap.
  var wrapBits = 64

  /// The ticks after which the counter starts again at zero, if it does.
  var period: Int64? { (1..<62).contains(wrapBits) ? 1 << wrapBits : nil }
}
