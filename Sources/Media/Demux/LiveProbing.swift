import CFFmpeg

/// How much of a live source is read before its first frame is decoded.
///
/// FFmpeg reads five seconds by default, to find streams that begin late and to measure the frame
/// rate. A camera's first frames would be that old when they are seen.
enum LiveProbing {
  /// Seconds of media.
  static let seconds = 0.5
  /// Bytes that are read to tell the format and its streams, at most.
  static let bytes: Int64 = 1 << 20
  /// Frames by which the frame rate is measured if the headers don't tell.
  static let frames: Int32 = 3

  /// Ends the measuring of the frame rate, so that no frame is waited for that no decoder needs.
  ///
  /// At one frame a second, three frames take as many seconds. For the thread on which FFmpeg
  /// reads; it looks at the number after each packet.
  static func endMeasuring(_ context: UnsafeMutablePointer<AVFormatContext>) {
    unsafe context.pointee.fps_probe_size = 0
  }

  /// Sets the limits that aren't set: the user's options go before them.
  static func limit(_ context: UnsafeMutablePointer<AVFormatContext>) {
    if unsafe context.pointee.max_analyze_duration == 0 {
      unsafe context.pointee.max_analyze_duration = Int64(seconds * Double(AV_TIME_BASE))
    }
    if unsafe context.pointee.probesize == 5_000_000 { unsafe context.pointee.probesize = bytes }
    if unsafe context.pointee.fps_probe_size < 0 { unsafe context.pointee.fps_probe_size = frames }
  }

  /// Measures neither the frame rate nor the analysis by time stamps that FFmpeg makes up.
  ///
  /// By these, half a second is a dozen frames, however long they take to come.
  static func trustNoStamps(_ context: UnsafeMutablePointer<AVFormatContext>) {
    unsafe context.pointee.fps_probe_size = 0
    unsafe context.pointee.max_analyze_duration = 1
  }
}
