import CFFmpeg

extension FormatContext {
  /// The stream of `type` that FFmpeg considers best, or `nil`.
  ///
  /// Cover pictures and thumbnails are stored as video streams, but they aren't video.
  func bestStream(_ type: AVMediaType, near related: Int = -1) -> Int? {
    let best = unsafe Int(av_find_best_stream(raw, type, -1, Int32(related), nil, 0))
    if best >= 0, isMoving(best) { return best }
    return (0..<streamCount).first { index in
      guard let parameters = unsafe stream(index)?.pointee.codecpar else { return false }
      return unsafe parameters.pointee.codec_type == type && isMoving(index)
    }
  }

  private func isMoving(_ index: Int) -> Bool {
    guard let stream = unsafe stream(index) else { return false }
    let still = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS
    return unsafe stream.pointee.disposition & still == 0
  }

  /// Makes the demuxer drop the packets of all streams but `kept`, as early as it can, and but
  /// what `video` may go on in.
  func keepOnly(_ kept: [Int], beside video: Int? = nil) {
    for index in 0..<streamCount where !kept.contains(index) {
      if let video, isBeside(video, index) { continue }
      if let stream = unsafe stream(index) { unsafe stream.pointee.discard = AVDISCARD_ALL }
    }
  }
}

extension FormatContext {
  /// Whether the stream at `other` may be what the video at `index` goes on in, where transport
  /// streams are joined: another video of its program, or of none.
  func isBeside(_ index: Int, _ other: Int) -> Bool {
    guard other != index, formatName == "mpegts", unsafe raw.pointee.nb_programs > 0,
      isVideo(other)
    else { return false }
    let own = unsafe av_find_program_from_stream(raw, nil, Int32(index))
    let its = unsafe av_find_program_from_stream(raw, nil, Int32(other))
    // A program has those streams that its table named last.
    return unsafe own == nil || its == nil || own == its
  }

  /// The unit of the time stamps of the stream at `index`.
  func timeBase(ofStream index: Int) -> TimeBase {
    guard index < streamCount, let stream = unsafe stream(index) else { return TimeBase(1, 1000) }
    return unsafe TimeBase(stream.pointee.time_base)
  }

  /// Whether FFmpeg makes up the time stamps, because the format has none: 25 frames a second.
  var hasMadeUpStamps: Bool {
    let flags = unsafe raw.pointee.iformat?.pointee.flags ?? 0
    return flags & AVFMT_NOTIMESTAMPS != 0 || Self.bareFormats.contains(formatName)
      || formatName.hasSuffix("_pipe")
  }

  /// Whether it is a codec's data and nothing else.
  var isBare: Bool {
    Self.bareFormats.union(["jpeg_pipe"]).contains(formatName) && formatName != "mpjpeg"
  }

  /// Formats of pictures or of a codec's data and nothing else, not all of which FFmpeg marks.
  private static let bareFormats: Set<String> = [
    "mpjpeg", "mjpeg", "mjpeg_2000", "h261", "h263", "h264", "hevc", "vvc", "evc", "m4v",
    "mpegvideo", "vc1", "dirac", "cavsvideo", "avs2", "avs3", "obu", "ingenient", "dnxhd",
  ]

  /// How to copy the stream at `index`; `nil` without an index.
  func audioParameters(_ index: Int?) throws(MediaError) -> AudioParameters? {
    guard let index, let stream = unsafe stream(index) else { return nil }
    do {
      return try unsafe AudioParameters(stream: stream)
    } catch {
      throw MediaError(error, source: source)
    }
  }

  /// A connection or disk error that the demuxer took for the end of the source.
  var transportError: FFmpegError? {
    guard let code = unsafe raw.pointee.pb?.pointee.error, code < 0, code != SD_AVERROR_EOF else {
      return nil
    }
    return FFmpegError(code: code, call: "avio_read")
  }

  /// How much of the data in the container's index is missing, in words, or `nil`.
  func indexShortfall(ofStream index: Int) -> String? {
    // Only in these containers does an exact index come from the header.
    guard formatName.hasPrefix("mov"), let stream = unsafe stream(index) else { return nil }
    let size = unsafe pipe?.byteCount ?? raw.pointee.pb.map { unsafe avio_size($0) } ?? 0
    let missing = unsafe sd_stream_index_end(stream) - size
    return size > 0 && missing > 0 ? "it ends \(missing) bytes early" : nil
  }
}
