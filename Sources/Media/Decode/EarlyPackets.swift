import CFFmpeg

/// The first packets of a video, which have given no frame yet.
struct EarlyPackets {
  private let options: InputOptions
  private var packets: [Packet] = []
  /// Whether the first frame was given out before the decoder gave it.
  private var isAhead = false

  /// A decoder waits for this many at most: a thread each, and reordered pictures.
  private static let most = 64

  init(_ options: InputOptions) { self.options = options }

  mutating func add(
    _ packet: borrowing PacketBuffer, timeBase: TimeBase
  ) throws(MediaError) {
    guard packets.count < Self.most else { return }
    packets.append(unsafe try Packet(referencing: packet.raw, timeBase: timeBase))
  }

  /// Forgets the packets: there is a frame.
  mutating func clear() { packets = [] }

  /// Whether the decoder's frame has been given out already; true once.
  mutating func isRepetition() -> Bool {
    defer { isAhead = false }
    return isAhead
  }

  /// Decodes the first picture apart from those after it, which may be an hour of sound away.
  ///
  /// False if there is none. The decoder gives it a second time later.
  mutating func decodeFirst(
    of stream: UnsafeMutablePointer<AVStream>, into frame: borrowing FrameBuffer, source: String
  ) throws(MediaError) -> Bool {
    guard !packets.isEmpty else { return false }
    var single = options
    single.decoderThreads = 1
    let decoder = unsafe try CodecContext.open(
      stream: stream, options: single, isLive: false, source: source)
    let buffer = try PacketBuffer()
    do {
      for packet in packets {
        try check(unsafe av_packet_ref(buffer.raw, packet.raw), "av_packet_ref")
        try decoder.send(buffer)
        buffer.clear()
        isAhead = unsafe try decoder.receive(into: frame.raw) == .done
        if isAhead { return true }
      }
      try decoder.drain()
      isAhead = unsafe try decoder.receive(into: frame.raw) == .done
    } catch {
      isAhead = false
    }
    return isAhead
  }

  /// Whether the picture of the first packet depends on bytes that aren't in it.
  func readsBeyondEnd(
    _ picture: UnsafePointer<AVFrame>, of stream: UnsafeMutablePointer<AVStream>, source: String
  ) -> Bool {
    guard let first = packets.first else { return false }
    return unsafe PictureEnd.isMissing(
      in: first, picture, of: stream, options: options, source: source)
  }

  /// - Throws: `MediaError` "too_many_pixels" if that is why there is no frame.
  func checkSize(in stream: UnsafePointer<AVStream>, source: String) throws(MediaError) {
    guard let first = packets.first else { return }
    try unsafe PixelLimit(options.maxPixels).check(first, of: stream, source: source)
  }

  /// - Throws: `MediaError` "too_many_pixels" if `frame` has more than are allowed.
  func checkSize(of frame: borrowing FrameBuffer, source: String) throws(MediaError) {
    try unsafe PixelLimit(options.maxPixels).check(
      width: frame.raw.pointee.width, height: frame.raw.pointee.height, source: source)
  }
}
