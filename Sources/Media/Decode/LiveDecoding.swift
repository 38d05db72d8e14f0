import CFFmpeg
import Support

/// What decoding a live source takes besides a decoder: its packets come from a thread of their
/// own, and each frame gets the time at which its packet arrived.
struct LiveDecoding {
  /// The unit of time stamps that are made from arrivals; finer than any camera's.
  private static let ownTimeBase = TimeBase(1, 90_000)

  let packets: LivePackets
  /// The orientation that the container stores; the demuxer belongs to another thread.
  let orientation: Orientation
  /// Whether time stamps are those of arrival, because the format has none.
  let hasOwnClock: Bool
  private let source: String
  private let turns: DecoderTurns?
  private var times = CaptureTimes()
  /// The numbers of packets whose frames were given out over an earlier connection.
  private var repeated: Set<Int64> = []
  private(set) var number: Int64 = 0
  private var firstArrival: ContinuousClock.Instant?
  private let videoIndex: Int
  /// When the first frame has to be there, in seconds of `AwakeClock`.
  private var limit: Double?

  /// Starts to read the streams at `video` and `audio`, and adapts `info` to the times that frames
  /// will have; `sound` is what a recorder gets besides the video.
  init(
    _ demuxer: FormatContext, video: Int, audio: Int?, sound: Int?, info: inout StreamInfo,
    limits: ClockLimits, options: InputOptions
  ) throws(MediaError) {
    var tap: (packets: PacketTap, consumer: any PacketConsumer)?
    if let consumer = options.consumer {
      tap = (try PacketTap(demuxer, video: video, audio: sound, limits: limits), consumer)
    }
    hasOwnClock = demuxer.hasMadeUpStamps
    orientation = demuxer.orientation(ofStream: video)
    source = demuxer.source
    turns = options.decoderTurns
    videoIndex = video
    let isSegmented = demuxer.formatName.isSegmentedFormat
    packets = LivePackets(
      demuxer,
      .init(
        video: video, videoTimeBase: info.timeBase, audio: audio, hasStamps: !hasOwnClock,
        isSegmented: isSegmented, keepsAll: options.keepsAllPackets,
        mayBeFile: demuxer.lacksLength && !hasOwnClock,
        read: isSegmented ? options.readPackets : nil, isFinite: info.duration != nil,
        tap: tap))
    if hasOwnClock {
      info.timeBase = Self.ownTimeBase
      // FFmpeg's 25 frames a second are as made up as its time stamps.
      info.averageFrameRate = nil
    }
  }

  /// Says how soon the first frame has to be there, in seconds; `nil` once it is.
  mutating func begin(within seconds: Double?) {
    limit = seconds.flatMap { $0 > 0 && $0.isFinite ? AwakeClock.process.now + $0 : nil }
  }

  /// Reads the next packet; before one that follows a gap the decoder starts anew.
  mutating func read(
    into packet: borrowing PacketBuffer, for decoder: borrowing CodecContext
  ) throws(MediaError) -> FormatContext.ReadOutcome {
    packet.clear()
    if let limit, AwakeClock.process.now > limit {
      throw MediaError(
        .openTimeout, source: source, message: "No frame could be decoded in time.",
        remedy: "Check the source, or allow more time with --open-timeout.", isTransient: true)
    }
    switch try packets.next() {
    case .packet(let next, let isAfterGap, let capture):
      if isAfterGap { decoder.flush() }
      unsafe av_packet_move_ref(packet.raw, next.buffer.raw)
      if unsafe Int(packet.raw.pointee.stream_index) == videoIndex {
        number = times.add(capture)
        if next.isRepeated { repeated.insert(number) }
      }
      return .packet
    case .end: return .end
    case .broken(let error): return .broken(error)
    }
  }

  /// Sends the packet that was read last.
  func send(
    _ packet: borrowing PacketBuffer, to decoder: borrowing CodecContext
  ) throws(FFmpegError) {
    guard let turns else { return try decoder.send(packet, number: number) }
    turns.take()
    defer { turns.give() }
    try decoder.send(packet, number: number)
  }

  /// Receives the next frame.
  func receive(
    into frame: borrowing FrameBuffer, from decoder: borrowing CodecContext
  ) throws(FFmpegError) -> Flow {
    guard let turns else { return try unsafe decoder.receive(into: frame.raw) }
    turns.take()
    defer { turns.give() }
    return try unsafe decoder.receive(into: frame.raw)
  }

  /// Whether a frame was given out over an earlier connection; true once.
  mutating func isRepeated(_ frame: borrowing FrameBuffer) -> Bool {
    guard !repeated.isEmpty else { return false }
    return repeated.remove(unsafe sd_number(frame.raw)) != nil
  }

  /// When a frame was captured.
  mutating func capture(of frame: UnsafePointer<AVFrame>) -> CaptureTime? {
    let time = unsafe times.take(sd_number(frame))
    firstArrival = firstArrival ?? time?.arrived
    return time
  }

  /// The time stamp of a frame: the source's, or that of its arrival, counted from the first one's.
  func stamp(_ stamp: Int64?, _ capture: CaptureTime?) -> Int64? {
    guard hasOwnClock, let capture, let firstArrival else { return stamp }
    let passed = (capture.arrived - firstArrival).components
    return Self.ownTimeBase.ticks(Double(passed.seconds) + Double(passed.attoseconds) * 1e-18)
  }
}
