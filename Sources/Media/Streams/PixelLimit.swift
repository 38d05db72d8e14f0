import CFFmpeg

/// The largest picture that is decoded.
///
/// A file of a few hundred bytes may announce a picture of gigabytes. The size is checked where the
/// container tells it, and by the decoder before it allocates a picture.
struct PixelLimit {
  private let pixels: Int

  init(_ pixels: Int) { self.pixels = pixels }

  /// The limit for a decoder that expects pictures of this size, 0 if it isn't known.
  ///
  /// Decoders count pixels with which they fill up blocks, so theirs is a little wider.
  func forDecoder(width: Int32, height: Int32) -> Int64 {
    let padding = 127
    let side = Int(Double(pixels).squareRoot())
    let known = width > 0 && height > 0
    let (width, height) = known ? (Int(width), Int(height)) : (side, side)
    let more = padding * (width + height + padding)
    let (sum, overflow) = pixels.addingReportingOverflow(more)
    return overflow ? .max : Int64(sum)
  }

  /// - Throws: `MediaError` "too_many_pixels" for a picture of more.
  func check(width: Int32, height: Int32, source: String) throws(MediaError) {
    guard width > 0, height > 0, Int(width) * Int(height) > pixels else { return }
    throw MediaError(
      .tooManyPixels, source: source,
      message: "Its picture has \(width) x \(height) pixels, "
        + "\(text(Int(width) * Int(height))); at most \(text(pixels)) are decoded.",
      remedy: "If that is right, and there is memory for it, allow more with --max-pixels.")
  }

  /// The same for a packet whose picture the decoder may have refused for its size.
  func check(
    _ packet: Packet, of stream: UnsafePointer<AVStream>, source: String
  ) throws(MediaError) {
    guard let size = unsafe announcedSize(of: packet, in: stream) else { return }
    try check(width: size.width, height: size.height, source: source)
  }

  /// The size in "Picture size 60000x60000 is invalid" and the like: FFmpeg's messages for a size
  /// that it refuses.
  static func refusedSize(in message: String) -> (width: Int32, height: Int32)? {
    let words = message.split(separator: " ")
    guard let place = words.firstIndex(of: "size"), place + 1 < words.count else { return nil }
    let sides = words[place + 1].split(separator: "x").compactMap { Int32($0) }
    return sides.count == 2 ? (sides[0], sides[1]) : nil
  }

  private func text(_ pixels: Int) -> String {
    guard pixels >= 1_000_000 else { return "\(pixels)" }
    let tenths = (pixels + 50_000) / 100_000
    let isWhole = tenths % 10 == 0 || tenths >= 100
    return (isWhole ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)") + " million"
  }
}

/// The size of the picture in a packet, from its header alone: no memory is allocated for it.
///
/// A decoder forgets sizes that are too large for any picture; only its message has them. `nil` if
/// the decoder didn't get that far.
private func announcedSize(
  of packet: Packet, in stream: UnsafePointer<AVStream>
) -> (width: Int32, height: Int32)? {
  guard let parameters = unsafe stream.pointee.codecpar,
    let codec = unsafe avcodec_find_decoder(parameters.pointee.codec_id),
    let context = unsafe avcodec_alloc_context3(codec)
  else { return nil }
  defer {
    var freeing = unsafe Optional(context)
    unsafe avcodec_free_context(&freeing)
  }
  guard let frame = unsafe av_frame_alloc() else { return nil }
  defer {
    var freeing = unsafe Optional(frame)
    unsafe av_frame_free(&freeing)
  }
  guard unsafe avcodec_parameters_to_context(context, parameters) >= 0 else { return nil }
  unsafe context.pointee.thread_count = 1
  unsafe context.pointee.get_buffer2 = { _, _, _ in -ENOMEM }
  guard unsafe avcodec_open2(context, codec, nil) >= 0 else { return nil }
  FFmpegLog.beginRecording()
  _ = unsafe avcodec_send_packet(context, packet.raw)
  _ = unsafe avcodec_receive_frame(context, frame)
  let messages = FFmpegLog.endRecording()
  if let size = messages.lazy.compactMap(PixelLimit.refusedSize).first { return size }
  let size = unsafe (context.pointee.width, context.pointee.height)
  return size.0 > 0 && size.1 > 0 ? size : nil
}
