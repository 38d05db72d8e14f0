import CFFmpeg

/// The settings of an encoder.
struct EncoderSettings {
  var width: Int
  var height: Int
  var tags: ColorTags
  var pixelAspect: AVRational
  var timeBase: AVRational
  var frameRate: AVRational
  var crf: Double?
  var threads: Int
  /// Whether the video is watched live, so a picture must not wait for later ones.
  var isLive: Bool
  /// Whether packets must be in display order.
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
    guard let context = unsafe avcodec_alloc_context3(choice.raw) else {
      throw .noMemory("avcodec_alloc_context3")
    }
    guard let frame = unsafe av_frame_alloc() else {
      var freeing = unsafe Optional(context)
      unsafe avcodec_free_context(&freeing)
      throw .noMemory("av_frame_alloc")
    }
    unsafe self.context = unsafe context
    unsafe self.frame = unsafe frame
    // The JPEG formats are deprecated, but this encoder requires one.
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
      // A viewer who joins waits at most two seconds for a keyframe.
      let frames = (Rational(settings.frameRate)?.value ?? 25) * 2
      unsafe context.pointee.gop_size = Int32(max(1, frames))
    }
    if settings.wantsGlobalHeader { unsafe context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
  }

  /// Sends a picture to the encoder, or nil after the last one.
  func send(_ picture: Picture?, pts: Int64) throws(FFmpegError) {
    guard let picture else {
      _ = try flow(unsafe avcodec_send_frame(context, nil), "avcodec_send_frame")
      return
    }
    do {
      unsafe try picture.lend(
        to: frame, width: context.pointee.width, height: context.pointee.height,
        pixelFormat: pixelFormat)
    } catch { throw .noMemory("av_buffer_alloc") }
    unsafe frame.pointee.pts = pts
    defer { unsafe av_frame_unref(frame) }
    try check(unsafe avcodec_send_frame(context, frame), "avcodec_send_frame")
  }

  /// Receives the next packet; false if the encoder needs more pictures or has finished.
  func receive(into packet: borrowing PacketBuffer) throws(FFmpegError) -> Bool {
    try flow(unsafe avcodec_receive_packet(context, packet.raw), "avcodec_receive_packet") == .done
  }
}

extension EncoderChoice {
  /// The encoder's own options: constant quality, and fast enough to leave the cores to detection.
  fileprivate func options(_ settings: EncoderSettings) -> [(String, String)] {
    let crf = settings.crf.map { String(min(max($0, 0), 63)) }
    switch name {
    case "libx264":
      let live = settings.isLive ? [("tune", "zerolatency")] : []
      return [("preset", "veryfast"), ("crf", crf ?? "21")] + live
    case "libx265":
      let live = settings.isLive ? [("tune", "zerolatency")] : []
      // It prints to stderr directly, bypassing FFmpeg's log.
      return [("preset", "veryfast"), ("crf", crf ?? "24"), ("x265-params", "log-level=error")]
        + live
    case "libvpx-vp9":
      // Its slower deadlines take several times as long as detection.
      return [
        ("crf", crf ?? "32"), ("b", "0"), ("deadline", "realtime"), ("cpu-used", "6"),
        ("row-mt", "1"),
      ]
    case "mpeg4", "mjpeg":
      // From 0...51 to the quantizer's 1...31.
      let scale = settings.crf.map { 1 + min(max($0, 0), 51) * 30 / 51 } ?? 3
      return [("flags", "+qscale"), ("global_quality", String(Int(scale * 118)))]
    case "libopenh264":
      // It has no constant quality, so use a tenth of a bit per pixel.
      let rate = Rational(settings.frameRate)?.value ?? 25
      return [("b", String(Int(Double(settings.width * settings.height) * rate / 10)))]
    default: return []
    }
  }
}
