internal import Media
import CFFmpeg

/// How a picture is encoded as an image file.
enum ImageCoding {
  case jpeg(quality: Int)
  case png

  /// Compresses `picture`; errors name `path`.
  func encode(_ picture: Picture, path: String) throws(MediaError) -> PacketBuffer {
    let image = try EncoderInput(picture, isJPEG: isJPEG)
    let packet = try PacketBuffer()
    do { try encode(image, into: packet) } catch {
      throw MediaError(output: error, location: path)
    }
    return packet
  }

  /// Compresses a map of classes as an indexed PNG; errors name `path`.
  static func encode(
    _ map: PixelClasses, colors: [Color], path: String
  ) throws(MediaError) -> PacketBuffer {
    let image = try EncoderInput(map, colors)
    let packet = try PacketBuffer()
    do { try Self.png.encode(image, into: packet) } catch {
      throw MediaError(output: error, location: path)
    }
    return packet
  }

  private func encode(
    _ image: EncoderInput, into packet: borrowing PacketBuffer
  ) throws(FFmpegError) {
    let name = isJPEG ? "mjpeg" : "png"
    guard let codec = unsafe avcodec_find_encoder_by_name(name),
      let context = unsafe avcodec_alloc_context3(codec)
    else { throw FFmpegError(code: SD_AVERROR_ENCODER_NOT_FOUND, call: name) }
    defer {
      var freeing: UnsafeMutablePointer<AVCodecContext>? = unsafe context
      unsafe avcodec_free_context(&freeing)
    }
    unsafe context.pointee.width = image.frame.pointee.width
    unsafe context.pointee.height = image.frame.pointee.height
    unsafe context.pointee.pix_fmt = AVPixelFormat(image.frame.pointee.format)
    unsafe context.pointee.color_range = image.frame.pointee.color_range
    unsafe context.pointee.time_base = AVRational(num: 1, den: 25)
    // More threads would only wait for a second picture, which never comes.
    unsafe context.pointee.thread_count = 1
    if case .jpeg(let quality) = self {
      unsafe context.pointee.flags |= AV_CODEC_FLAG_QSCALE
      unsafe context.pointee.qmin = 1
      unsafe context.pointee.global_quality = Int32(quality) * FF_QP2LAMBDA
      unsafe image.frame.pointee.quality = Int32(quality) * FF_QP2LAMBDA
    }
    try check(unsafe avcodec_open2(context, codec, nil), "avcodec_open2")
    try check(unsafe avcodec_send_frame(context, image.frame), "avcodec_send_frame")
    try check(unsafe avcodec_receive_packet(context, packet.raw), "avcodec_receive_packet")
  }

  private var isJPEG: Bool {
    if case .jpeg = self { return true }
    return false
  }
}

/// A picture in the pixel format that an image encoder requires.
@safe
private final class EncoderInput {
  let frame: UnsafeMutablePointer<AVFrame>

  init(_ picture: Picture, isJPEG: Bool) throws(MediaError) {
    unsafe frame = try allocated(av_frame_alloc(), "av_frame_alloc")
    if isJPEG {
      let format = PictureFormat(of: picture, asJPEG: true)
      let whole = try PictureConform().fitted(picture, to: format)
      unsafe try whole.lend(
        to: frame, width: Int32(picture.width), height: Int32(picture.height),
        pixelFormat: AV_PIX_FMT_YUVJ420P)
      return
    }
    unsafe frame.pointee.width = Int32(picture.width)
    unsafe frame.pointee.height = Int32(picture.height)
    unsafe frame.pointee.format = AV_PIX_FMT_RGB24.rawValue
    try check(unsafe av_frame_get_buffer(frame, 0), "av_frame_get_buffer", source: "")
    var output = picture.imageFormat
    output.pixelFormat = AV_PIX_FMT_RGB24
    let from = unsafe picture.planes()
    try unsafe ImageConversion().run(
      PictureLayout.Plane.allCases.map { unsafe UnsafePointer(from[$0]) } + [nil],
      picture.strides + [0], picture.imageFormat,
      to: [frame.pointee.data.0, nil, nil, nil], [frame.pointee.linesize.0, 0, 0, 0], output)
  }

  /// Class ids as indices into `colors`, of which there are at most 256.
  init(_ map: PixelClasses, _ colors: [Color]) throws(MediaError) {
    unsafe frame = try allocated(av_frame_alloc(), "av_frame_alloc")
    unsafe frame.pointee.width = Int32(map.width)
    unsafe frame.pointee.height = Int32(map.height)
    unsafe frame.pointee.format = AV_PIX_FMT_PAL8.rawValue
    try check(unsafe av_frame_get_buffer(frame, 0), "av_frame_get_buffer", source: "")
    guard let pixels = unsafe frame.pointee.data.0, let palette = unsafe frame.pointee.data.1 else {
      preconditionFailure("a picture with a palette has two planes")
    }
    let stride = Int(unsafe frame.pointee.linesize.0)
    for y in 0..<map.height {
      for x in 0..<map.width {
        unsafe pixels[y * stride + x] = map.classIDs[y * map.width + x]
      }
    }
    // Opaque, as 0xAARRGGBB in the machine's own byte order.
    unsafe palette.withMemoryRebound(to: UInt32.self, capacity: 256) { entries in
      for index in 0..<256 {
        let color = index < colors.count ? colors[index] : .black
        unsafe entries[index] =
          0xFF << 24 | UInt32(color.red) << 16 | UInt32(color.green) << 8 | UInt32(color.blue)
      }
    }
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVFrame>? = unsafe frame
    unsafe av_frame_free(&freeing)
  }
}
