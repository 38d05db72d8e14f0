import CFFmpeg

/// What an encoder is opened for.
struct EncoderSettings {
  var width: Int
  var height: Int
  var tags: ColorTags
  var pixelAspect: AVRational
  var timeBase: AVRational
  var frameRate: AVRational
  var crf: Double?
  var threads: Int
  /// Whether someone watches, so that a picture must not wait for those after it.
  var isLive: Bool
  /// Whether pictures must leave in the order in which they are shown.
  var keepsOrder: Bool
  var wantsGlobalHeader: Bool
}

/// Compresses pictures.
///
/// Wraps `AVCodecContext`.
@safe
final class VideoEncoder {
  let context: UnsafeMutablePointer<AVCodecContext>
  private let frame: UnsafeMutablePointer<AVFrame>
  private let pixelFormat: AVPixelFormat

  /// Opens the encoder.
  init(_ choice: EncoderChoice, _ settings: EncoderSettings) throws(FFmpegError) {
    guard let context = unsafe avcodec_alloc_context3(choice.raw),
      let frame = unsafe av_frame_alloc()
    else { fatalError("avcodec_alloc_context3: no memory") }
    unsafe self.context = unsafe context
    unsafe self.frame = unsafe frame
    // The JPEG formats are deprecated but what this encoder takes.
    pixelFormat = choice.isJPEG ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P
    configure(settings)
    var options: OpaquePointer?
    defer { unsafe av_dict_free(&options) }
    for (key, value) in choice.options(settings) { unsafe av_dict_set(&options, key, value, 0) }
    try check(unsafe avcodec_open2(context, choice.raw, &options), "avcodec_open2")
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVCodecContext>? = unsafe context
    unsafe avcodec_free_context(&freeing)
    var freeingFrame: UnsafeMutablePointer<AVFrame>? = unsafe frame
    unsafe av_frame_free(&freeingFrame)
  }

  private func configure(_ settings: EncoderSettings) {
    unsafe context.pointee.width = Int32(settings.width)
    unsafe context.pointee.height = Int32(settings.height)
    unsafe context.pointee.pix_fmt = pixelFormat
    unsafe context.pointee.color_range = settings.tags.range
    unsafe context.pointee.colorspace = settings.tags.matrix
    unsafe context.pointee.color_primaries = settings.tags.primaries
    unsafe context.pointee.color_trc = settings.tags.transfer
    unsafe context.pointee.sample_aspect_ratio = settings.pixelAspect
    unsafe context.pointee.time_base = settings.timeBase
    unsafe context.pointee.framerate = settings.frameRate
    unsafe context.pointee.thread_count = Int32(clamping: max(0, settings.threads))
    if settings.keepsOrder { unsafe context.pointee.max_b_frames = 0 }
    if settings.isLive {
      // A viewer who joins waits two seconds at most.
      let frames = (Rational(settings.frameRate)?.value ?? 25) * 2
      unsafe context.pointee.gop_size = Int32(max(1, frames))
    }
    if settings.wantsGlobalHeader { unsafe context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
  }

  /// Gives the encoder a picture of its own size, or nil when there are no more.
  func send(_ picture: Picture?, pts: Int64) throws(FFmpegError) {
    guard let picture else {
      _ = try flow(unsafe avcodec_send_frame(context, nil), "avcodec_send_frame")
      return
    }
    unsafe picture.lend(
      to: frame, width: context.pointee.width, height: context.pointee.height,
      pixelFormat: pixelFormat)
    unsafe frame.pointee.pts = pts
    defer { unsafe av_frame_unref(frame) }
    try check(unsafe avcodec_send_frame(context, frame), "avcodec_send_frame")
  }

  /// Takes the next packet; false when the encoder wants more pictures, or has ended.
  func receive(into packet: borrowing PacketBuffer) throws(FFmpegError) -> Bool {
    try flow(unsafe avcodec_receive_packet(context, packet.raw), "avcodec_receive_packet") == .done
  }
}

extension EncoderChoice {
  /// The encoder's own options: constant quality, and a speed that leaves the cores to detection.
  fileprivate func options(_ settings: EncoderSettings) -> [(String, String)] {
    let crf = settings.crf.map { String(min(max($0, 0), 63)) }
    switch name {
    case "libx264":
      let live = settings.isLive ? [("tune", "zerolatency")] : []
      return [("preset", "veryfast"), ("crf", crf ?? "21")] + live
    case "libx265":
      let live = settings.isLive ? [("tune", "zerolatency")] : []
      // It prints to stderr itself, past FFmpeg's log.
      return [("preset", "veryfast"), ("crf", crf ?? "24"), ("x265-params", "log-level=error")]
        + live
    case "libvpx-vp9":
      // Its other deadlines take several times as long as the detection.
      return [
        ("crf", crf ?? "32"), ("b", "0"), ("deadline", "realtime"), ("cpu-used", "6"),
        ("row-mt", "1"),
      ]
    case "mpeg4", "mjpeg":
      // From 0...51 to the quantizer's 1...31.
      let scale = settings.crf.map { 1 + min(max($0, 0), 51) * 30 / 51 } ?? 3
      return [("flags", "+qscale"), ("global_quality", String(Int(scale * 118)))]
    case "libopenh264":
      // It has no constant quality: a tenth of a bit a pixel.
      let rate = Rational(settings.frameRate)?.value ?? 25
      return [("b", String(Int(Double(settings.width * settings.height) * rate / 10)))]
    default: return []
    }
  }
}

extension Picture {
  /// Fills in `frame` for an encoder without copying: the frame holds a reference to the memory.
  ///
  /// One column and one line more than the picture has repeat the last.
  func lend(
    to frame: UnsafeMutablePointer<AVFrame>, width: Int32, height: Int32,
    pixelFormat: AVPixelFormat
  ) {
    if Int(width) > self.width || Int(height) > self.height { padToEven() }
    let pointers = unsafe planes()
    unsafe frame.pointee.width = width
    unsafe frame.pointee.height = height
    unsafe frame.pointee.format = pixelFormat.rawValue
    unsafe frame.pointee.color_range = tags.range
    unsafe frame.pointee.colorspace = tags.matrix
    unsafe frame.pointee.color_primaries = tags.primaries
    unsafe frame.pointee.color_trc = tags.transfer
    unsafe frame.pointee.sample_aspect_ratio = pixelAspect
    unsafe frame.pointee.buf.0 = sharedBuffer()
    unsafe frame.pointee.data.0 = pointers[.luma]
    unsafe frame.pointee.data.1 = pointers[.blueDifference]
    unsafe frame.pointee.data.2 = pointers[.redDifference]
    unsafe frame.pointee.linesize.0 = Int32(layout.stride(of: .luma))
    unsafe frame.pointee.linesize.1 = Int32(layout.stride(of: .blueDifference))
    unsafe frame.pointee.linesize.2 = Int32(layout.stride(of: .redDifference))
    unsafe frame.pointee.extended_data = withUnsafeMutablePointer(to: &frame.pointee.data) {
      unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self)
    }
  }

  /// Repeats the last column and line into the spare ones; chroma is whole already.
  private func padToEven() {
    let luma = unsafe mutablePlanes()[.luma]
    let stride = layout.stride(of: .luma)
    if layout.evenWidth > width {
      for y in 0..<height {
        let line = unsafe luma + y * stride
        unsafe line[width] = unsafe line[width - 1]
      }
    }
    if layout.evenHeight > height {
      let last = unsafe luma + (height - 1) * stride
      unsafe (last + stride).update(from: last, count: layout.evenWidth)
    }
  }
}
