import CFFmpeg

extension VideoReader {
  /// The frame that the decoder has given; `nil` if it isn't wanted.
  func takeFrame() throws(MediaError) -> VideoFrame? {
    try early.checkSize(of: frame, source: demuxer.source)
    if choosing != nil { return try takeChosen() }
    return unsafe makeFrame(try frame.handOver())
  }

  /// Takes ownership of `raw`, whose place is known already if its decoding was planned.
  func makeFrame(
    _ raw: UnsafeMutablePointer<AVFrame>, planned: DecodingPlan.Decided? = nil
  ) -> VideoFrame {
    let capture = unsafe live?.capture(of: raw)
    let stamp = unsafe stamp(of: raw)
    let pts = live?.stamp(stamp, capture) ?? stamp
    let duration = live?.hasOwnClock == true ? 0 : unsafe sd_frame_duration(raw)
    let place =
      planned.map { ($0.time, $0.t) }
      ?? clock.place(pts, duration: duration, arrival: capture?.arrived)
    unsafe assumeColors(of: raw, codec: info.codec)
    unsafe raw.pointee.sample_aspect_ratio = unsafe demuxer.pixelAspect(
      ofStream: videoIndex, frame: raw)
    let number = unsafe decoder.number(of: raw) ?? counts.packets
    let isCorrupt = unsafe watch.add(raw, t: place.1, number: number)
    let attributes = VideoFrame.Attributes(
      index: planned?.index ?? counts.frames, pts: pts, presentationTime: place.0, t: place.1,
      duration: duration > 0 ? clock.timeBase.seconds(duration) : nil, isCorrupt: isCorrupt,
      capture: capture,
      orientation: unsafe live.map { unsafe Orientation(of: raw) ?? $0.orientation }
        ?? demuxer.orientation(of: raw, stream: videoIndex))
    counts.frames += 1
    if info.kind == .image { unsafe finishPicture(raw, isCorrupt: isCorrupt) }
    early.clear()
    return unsafe VideoFrame(owning: raw, attributes)
  }

  /// The time stamp of a frame, in ticks, if it has one.
  func stamp(of frame: UnsafePointer<AVFrame>) -> Int64? {
    [unsafe frame.pointee.pts, unsafe frame.pointee.best_effort_timestamp].first { $0 != SD_NO_PTS }
  }
}
