import CFFmpeg

/// The times of a stream's packets, read without decoding.
struct PacketScan {
  private(set) var times: [TimestampAnalysis.Times] = []
  private(set) var keyframes: [Int64] = []
  private(set) var isComplete = false
  /// Why reading ended early, as a sentence.
  private(set) var failure: String?

  /// Bounds memory for a source without an end; this many packets are more than a day of video.
  private static let limit = 4_000_000

  /// Reads up to `seconds` of the stream at `index`.
  init(
    _ demuxer: borrowing FormatContext, stream index: Int, timeBase: TimeBase, seconds: Double
  ) throws(MediaError) {
    demuxer.keepOnly([index])
    let packet = try PacketBuffer()
    let span = timeBase.ticks(seconds)
    var first: Int64?
    var skipped = DecodeCounts()
    while times.count < Self.limit {
      switch try demuxer.read(into: packet) {
      case .packet: skipped.sentPacket()
      case .unfinished:
        failure = "It has no end mark, and nothing was added to it in time."
        return
      case .end:
        failure = demuxer.transportError.map { "The source broke off: \($0.reason)." }
        isComplete = failure == nil
        return
      case .broken(let error):
        if error.code == SD_AVERROR_INVALIDDATA, skipped.canSkipReadError() { continue }
        failure = "The source broke off: \(error.reason)."
        return
      }
      let fields = unsafe packet.raw.pointee
      guard unsafe Int(fields.stream_index) == index, unsafe fields.size > 0 else { continue }
      let (pts, dts) = unsafe (known(fields.pts), known(fields.dts))
      times.append(TimestampAnalysis.Times(pts: pts, dts: dts))
      guard let time = pts ?? dts else { continue }
      if unsafe fields.flags & AV_PKT_FLAG_KEY != 0 { keyframes.append(time) }
      first = first ?? time
      if let first, time.saturatingSubtract(first) >= span { return }
    }
  }
}

private func known(_ time: Int64) -> Int64? { time == SD_NO_PTS ? nil : time }

extension SourceProbe.KeyframeInterval {
  /// Measures the intervals between `times`, without those that go back.
  init?(_ times: [Int64], timeBase: TimeBase) {
    let intervals = zip(times.dropFirst(), times).map { $0.saturatingSubtract($1) }.filter {
      $0 > 0
    }
    guard let longest = intervals.max() else { return nil }
    self.longest = timeBase.seconds(longest)
    average = intervals.map(timeBase.seconds).reduce(0, +) / Double(intervals.count)
  }
}

extension SourceProbe.Video {
  /// Adds to `info` what only a probe reports.
  init(_ info: StreamInfo, _ stream: UnsafeMutablePointer<AVStream>) {
    let parameters = unsafe stream.pointee.codecpar.pointee
    let name = unsafe avcodec_profile_name(parameters.codec_id, parameters.profile)
    let format = unsafe av_pix_fmt_desc_get(AVPixelFormat(parameters.format))
    let depth = unsafe format.map { unsafe Int($0.pointee.comp.0.depth) }
    var size = 0
    let vision = unsafe sd_stream_side_data(stream, AV_PKT_DATA_DOVI_CONF, &size)
    self.init(
      codec: info.codec, profile: unsafe name.map { unsafe String(cString: $0) },
      width: info.width, height: info.height, codedWidth: info.codedWidth,
      codedHeight: info.codedHeight, rotation: info.rotation, pixelAspect: info.pixelAspect,
      pixelFormat: info.pixelFormat, bitDepth: depth,
      isInterlaced: unsafe ![AV_FIELD_UNKNOWN, AV_FIELD_PROGRESSIVE]
        .contains(parameters.field_order),
      colorSpace: info.colorSpace, primaries: info.primaries, transfer: info.transfer,
      range: info.range, isHDR: info.isHDR, isDolbyVision: unsafe vision != nil,
      timeBase: info.timeBase, averageFrameRate: info.averageFrameRate,
      baseFrameRate: info.kind == .image ? nil : unsafe Rational(stream.pointee.r_frame_rate))
  }
}

extension FormatContext {
  /// Describes every audio stream.
  func audioStreams() -> [SourceProbe.Audio] {
    (0..<streamCount).compactMap { index in
      guard let stream = unsafe stream(index), let parameters = unsafe stream.pointee.codecpar,
        unsafe parameters.pointee.codec_type == AVMEDIA_TYPE_AUDIO
      else { return nil }
      let bitRate = unsafe parameters.pointee.bit_rate
      return unsafe SourceProbe.Audio(
        codec: String(cString: avcodec_get_name(parameters.pointee.codec_id)),
        sampleRate: Int(parameters.pointee.sample_rate),
        channels: Int(sd_parameters_channels(parameters)),
        bitRate: bitRate > 0 ? Int(bitRate) : nil,
        language: dictionaryEntry("language", of: stream.pointee.metadata))
    }
  }
}
