import CFFmpeg

extension StreamInfo {
  /// Collects what the container and the first packets say about `stream`.
  init(
    _ context: borrowing FormatContext, stream: UnsafeMutablePointer<AVStream>, kind: SourceKind,
    hasAudio: Bool
  ) {
    let parameters = unsafe stream.pointee.codecpar.pointee
    let orientation = unsafe context.orientation(ofStream: stream)
    // FFmpeg reports 25 frames per second for a still picture.
    let rate =
      kind == .image
      ? nil
      : unsafe Rational(stream.pointee.avg_frame_rate) ?? Rational(stream.pointee.r_frame_rate)
    let duration = unsafe Self.duration(context, stream)
    self.kind = kind
    codedWidth = unsafe Int(parameters.width)
    codedHeight = unsafe Int(parameters.height)
    (width, height) = orientation.displayed(width: codedWidth, height: codedHeight)
    rotation = orientation.degrees
    pixelAspect = unsafe Rational(
      av_guess_sample_aspect_ratio(context.raw, stream, nil)
    ).flatMap { $0.numerator == $0.denominator ? nil : $0 }
    codec = unsafe String(cString: avcodec_get_name(parameters.codec_id))
    pixelFormat = unsafe pixelFormatName(AVPixelFormat(parameters.format))
    timeBase = unsafe TimeBase(stream.pointee.time_base)
    averageFrameRate = rate
    self.duration = duration
    bitRate = unsafe Self.bitRate(context, parameters)
    frameCountEstimate = unsafe Self.frameCount(stream, rate: rate, duration: duration)
    isHDR = unsafe [AVCOL_TRC_SMPTE2084, AVCOL_TRC_ARIB_STD_B67].contains(parameters.color_trc)
    colorSpace = unsafe name(av_color_space_name(parameters.color_space))
    transfer = unsafe name(av_color_transfer_name(parameters.color_trc))
    primaries = unsafe name(av_color_primaries_name(parameters.color_primaries))
    range = unsafe name(av_color_range_name(parameters.color_range))
    self.hasAudio = hasAudio
    formatName = context.formatName
  }

  private static func duration(
    _ context: borrowing FormatContext, _ stream: UnsafeMutablePointer<AVStream>
  ) -> Double? {
    let ofStream = unsafe stream.pointee.duration
    if ofStream != SD_NO_PTS, ofStream > 0 {
      return unsafe TimeBase(stream.pointee.time_base).seconds(ofStream)
    }
    let ofSource = unsafe context.raw.pointee.duration
    guard ofSource != SD_NO_PTS, ofSource > 0 else { return nil }
    return TimeBase(1, Int(AV_TIME_BASE)).seconds(ofSource)
  }

  private static func bitRate(
    _ context: borrowing FormatContext, _ parameters: AVCodecParameters
  ) -> Int? {
    let rate = unsafe max(context.raw.pointee.bit_rate, parameters.bit_rate)
    return rate > 0 ? Int(rate) : nil
  }

  private static func frameCount(
    _ stream: UnsafeMutablePointer<AVStream>, rate: Rational?, duration: Double?
  ) -> Int? {
    let stored = unsafe stream.pointee.nb_frames
    if stored > 0 { return Int(stored) }
    guard let rate, let duration else { return nil }
    return Int(exactly: (rate.value * duration).rounded())
  }
}

extension FormatContext {
  /// Width over height of a pixel of `frame`: the container's word, else the decoder's, as players
  /// have it; 0/1 if unknown.
  ///
  /// Many codecs cannot store it (ProRes, VP9), and a container that was told later is right.
  func pixelAspect(ofStream index: Int, frame: UnsafeMutablePointer<AVFrame>) -> AVRational {
    unsafe av_guess_sample_aspect_ratio(raw, stream(index), frame)
  }

  /// How a stream is turned, as far as the container says.
  func orientation(ofStream stream: UnsafeMutablePointer<AVStream>) -> Orientation {
    if let picture { return picture.orientation }
    guard let parameters = unsafe stream.pointee.codecpar?.pointee,
      unsafe parameters.codec_id == AV_CODEC_ID_APNG, let data = unsafe parameters.extradata
    else { return unsafe Orientation(of: stream) }
    // An animation's Exif data come before its first frame, so no packet has them.
    let chunks = unsafe Array(
      UnsafeBufferPointer(start: data, count: Int(parameters.extradata_size)))
    return PictureBytes(chunks, format: .pngChunks).orientation ?? .identity
  }

  /// How the stream at `index` is turned, as far as the container says.
  func orientation(ofStream index: Int) -> Orientation {
    guard let stream = unsafe stream(index) else { return .identity }
    return unsafe orientation(ofStream: stream)
  }

  /// How a frame of the stream at `index` is turned.
  ///
  /// In a HEIF file only its own properties count, not what Exif data in it say.
  func orientation(of frame: UnsafePointer<AVFrame>, stream index: Int) -> Orientation {
    if let picture { return picture.orientation }
    return unsafe Orientation(of: frame) ?? orientation(ofStream: index)
  }
}

extension Orientation {
  /// Reads the display matrix that the container stores for `stream`.
  init(of stream: UnsafePointer<AVStream>) {
    var size = 0
    guard let data = unsafe sd_stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size) else {
      return
    }
    self = unsafe Orientation(matrix: Self.matrixValues(data, size: size))
  }

  /// Reads the display matrix attached to the frame itself; `nil` if there is none.
  init?(of frame: UnsafePointer<AVFrame>) {
    guard let sideData = unsafe av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX),
      let data = unsafe sideData.pointee.data
    else { return nil }
    self = unsafe Orientation(matrix: Self.matrixValues(data, size: Int(sideData.pointee.size)))
  }

  private static func matrixValues(_ data: UnsafePointer<UInt8>, size: Int) -> [Int32] {
    (0..<min(9, size / 4)).map { index in
      unsafe UnsafeRawPointer(data).loadUnaligned(fromByteOffset: index * 4, as: Int32.self)
    }
  }
}

/// A name as a string; "unknown" if FFmpeg has none.
private func name(_ text: UnsafePointer<CChar>?) -> String {
  guard let text = unsafe text else { return "unknown" }
  return unsafe String(cString: text)
}
