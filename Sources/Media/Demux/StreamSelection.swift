import CFFmpeg

extension FormatContext {
  /// The stream of `type` that FFmpeg finds best, or `nil`.
  ///
  /// Cover pictures and thumbnails look like video streams and are not.
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

  /// Drops the packets of all streams but `kept` as early as the demuxer can.
  func keepOnly(_ kept: [Int]) {
    for index in 0..<streamCount where !kept.contains(index) {
      if let stream = unsafe stream(index) { unsafe stream.pointee.discard = AVDISCARD_ALL }
    }
  }

  /// What kind of source this is: `location` knows protocols, the container the rest.
  func kind(of location: Location) -> SourceKind {
    let name = formatName
    if case .picture = location { return .image }
    if location.isLive { return .live }
    // A pipe of pictures may bring any number of them.
    guard location.scheme != nil else { return .file }
    if name.hasSuffix("_pipe") || name == "image2" { return .image }
    // Over HTTP, what has no length has no end either; a finished HLS list has one.
    let hasDuration = unsafe raw.pointee.duration != SD_NO_PTS && raw.pointee.duration > 0
    let isPlaylist = name.hasPrefix("hls") || name.hasPrefix("dash")
    let hasSize = unsafe raw.pointee.pb.map { unsafe avio_size($0) > 0 } ?? false
    return hasDuration || (hasSize && !isPlaylist) ? .file : .live
  }
}

extension FormatContext {
  /// How to copy the stream at `index`, if one is asked for.
  func audioParameters(_ index: Int?) throws(MediaError) -> AudioParameters? {
    guard let index, let stream = unsafe stream(index) else { return nil }
    do {
      return try unsafe AudioParameters(stream: stream)
    } catch {
      throw MediaError(error, source: source)
    }
  }

  /// How the container says that the stream at `index` is to be turned.
  func orientation(ofStream index: Int) -> Orientation {
    guard let stream = unsafe stream(index) else { return .identity }
    return unsafe Orientation(of: stream)
  }

  /// An error of the connection or the disk that the demuxer took for the end.
  var transportError: FFmpegError? {
    guard let code = unsafe raw.pointee.pb?.pointee.error, code < 0, code != SD_AVERROR_EOF else {
      return nil
    }
    return FFmpegError(code: code, call: "avio_read")
  }

  /// How much of what the container's index names is not there, in words, or `nil`.
  func indexShortfall(ofStream index: Int) -> String? {
    // Only here the index comes from the header and is exact.
    guard formatName.hasPrefix("mov"), let stream = unsafe stream(index) else { return nil }
    let size = unsafe pipe?.byteCount ?? raw.pointee.pb.map { unsafe avio_size($0) } ?? 0
    let missing = unsafe sd_stream_index_end(stream) - size
    return size > 0 && missing > 0 ? "it ends \(missing) bytes early" : nil
  }
}
