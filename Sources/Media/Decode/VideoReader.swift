import CFFmpeg

/// Opens a source and decodes its video, frame by frame in presentation order.
///
/// A reader must be used by one thread at a time. Every call returns within its deadline, and soon
/// after its `Cancellation` is cancelled. Damage doesn't stop the reading: packets that cannot be
/// decoded are counted, and frames with decoding errors are marked as corrupt.
public final class VideoReader {
  /// What is known about the video.
  public private(set) var info: StreamInfo
  /// How to copy the audio; `nil` if there is none or `keepsAudio` is off.
  public let audio: AudioParameters?
  /// Why the source ended early, as a sentence; `nil` if it didn't, or hasn't ended yet.
  public internal(set) var truncationReason: String?

  /// What is missing before the end.
  var holes: Shortfall?
  var isTransient = false
  let location: Location
  let demuxer: FormatContext
  let decoder: CodecContext
  let packet: PacketBuffer
  let frame: FrameBuffer
  let videoIndex: Int
  private let audioIndex: Int?
  private var sound = AudioInbox()
  var clock: FrameClock
  private var audioTimes: AudioTimes?
  var watch: DeliveryWatch
  var counts = DecodeCounts()
  var state = State.reading
  var lastPacketWasCut = false
  private var first: VideoFrame?
  /// The first packets, until they have given a frame.
  var early: EarlyPackets
  var live: LiveDecoding?
  /// Set if not all frames are wanted.
  var choosing: FrameChoosing?

  /// `emptying` is draining, after which the decoder starts anew.
  enum State { case reading, emptying, draining, finished }

  /// Opens `location`: a path, a URL, `/dev/videoN`, or `-` for standard input.
  ///
  /// - Throws: `MediaError` if the source cannot be opened within `options.openTimeout`.
  public init(
    _ location: String, options: InputOptions = InputOptions(),
    cancellation: Cancellation = Cancellation()
  ) throws(MediaError) {
    let interrupt = Interrupt(cancellation)
    interrupt.arm(seconds: options.openTimeout)
    let place = try Location(location, interrupt: interrupt)
    packet = try PacketBuffer()
    frame = try FrameBuffer()
    early = EarlyPackets(options)
    let demuxer = try FormatContext.open(
      place, source: location, options: options, interrupt: interrupt)
    guard let video = demuxer.bestStream(AVMEDIA_TYPE_VIDEO),
      let stream = unsafe demuxer.stream(video)
    else {
      throw demuxer.failure(
        FFmpegError(code: SD_AVERROR_STREAM_NOT_FOUND, call: "av_find_best_stream"))
    }
    let sound = demuxer.bestStream(AVMEDIA_TYPE_AUDIO, near: video)
    let kind = demuxer.kind
    var info = unsafe StreamInfo(demuxer, stream: stream, kind: kind, hasAudio: sound != nil)
    audioIndex = options.keepsAudio && !demuxer.isSoundEncrypted(place) ? sound : nil
    audio = try demuxer.audioParameters(audioIndex)
    let grid = demuxer.tileGrid
    let kept = [video] + [audioIndex, options.consumer == nil ? nil : sound].compactMap { $0 }
    demuxer.keepOnly(grid.map { Array($0.streams) } ?? kept, beside: video)
    decoder = unsafe try CodecContext.open(
      stream: stream, options: options, isLive: kind != .file, source: location)
    let limits = demuxer.clockLimits(ofStream: video, kind: kind, isPushed: place.isLive == true)
    if kind == .live {
      live = try LiveDecoding(
        demuxer, video: video, audio: audioIndex, sound: sound, info: &info, limits: limits,
        options: options)
    }
    clock = FrameClock(
      timeBase: info.timeBase, frameRate: info.averageFrameRate, limits: limits)
    audioTimes = audio.map { AudioTimes(limits, timeBase: $0.timeBase) }
    watch = DeliveryWatch(
      demuxer.declaration(ofStream: video), timeBase: info.timeBase, reports: demuxer.reports)
    self.location = place
    self.demuxer = demuxer
    self.info = info
    videoIndex = video
    if let grid { try decodeTiles(grid, options) }
    let isAgain = options.readPackets?.isEmpty == false
    if kind == .image || kind == .live && (info.codedWidth == 0 || isAgain) {
      try decodeFirst(within: options.openTimeout)
    }
  }

  /// Decodes a picture that is stored as a grid of tiles.
  private func decodeTiles(_ grid: TileGrid, _ options: InputOptions) throws(MediaError) {
    var tiles = TilePicture(grid, source: demuxer.source)
    let raw = unsafe try tiles.decode(demuxer, options: options)
    first = unsafe makeFrame(raw)
    if tiles.missing > 0 {
      truncationReason = "\(tiles.missing) of the \(tiles.count) tiles of its picture are missing."
    }
    state = .finished
  }

  /// Decodes the first frame early: the orientation of a still picture, and so its size, is known
  /// only then, and so is the size of a stream that was joined between two keyframes.
  private func decodeFirst(within seconds: Double) throws(MediaError) {
    live?.begin(within: seconds)
    defer { live?.begin(within: nil) }
    guard let picture = try next() else { return try checkRepetition() }
    first = picture
    (info.width, info.height) = (picture.width, picture.height)
    (info.codedWidth, info.codedHeight) = (picture.codedWidth, picture.codedHeight)
    info.rotation = picture.rotation
    info.pixelFormat = picture.pixelFormat
  }
}

extension VideoReader {
  /// The number of packets that gave no frame because they could not be decoded.
  public var failedFrames: Int { counts.failed(isComplete: state == .finished) }

  /// The number of frames whose timestamp was repaired because it was missing or jumped.
  public var repairedTimestamps: Int { clock.repairs }

  /// Whether a source of unknown length may be a file: then none of its frames is left out.
  public var mayBeFile: Bool { live?.packets.mayBeFile ?? false }

  /// The number of packets of a live source that were left out because the decoder didn't keep up.
  public var leftOutFrames: Int { live?.packets.leftOut ?? 0 }

  /// What the source didn't deliver of what it declared; known at its end.
  public var missingPart: Shortfall? {
    truncationReason.map { Shortfall(.truncated, $0, isTransient: isTransient) } ?? holes
  }

  /// Whether the source ended early, after at least one frame.
  public var wasTruncated: Bool { truncationReason != nil }

  /// The next frame, or `nil` after the last.
  ///
  /// - Throws: `MediaError` if the deadline passes, the reader is cancelled, a live source breaks
  ///   off, or the source ends without a single frame.
  public func next() throws(MediaError) -> VideoFrame? {
    if let first {
      self.first = nil
      return first
    }
    while state != .finished {
      switch receive() {
      case .done where early.isRepetition() || live?.isRepeated(frame) == true: frame.clear()
      case .done: if let picture = try takeFrame() { return picture }
      case .again: if try feed(), let picture = try takeFrame() { return picture }
      case .ended where state == .emptying: try restart()
      case .ended where try endsChosen(): state = .finished
      case .ended: try finish()
      }
    }
    return nil
  }

  /// The audio packets read since the last call, in source order.
  ///
  /// Empty unless `keepsAudio` is set. Call it after each frame, because packets accumulate.
  public func takeAudioPackets() -> [Packet] { sound.take() }

  /// Has `body` called during `next()`, on its thread, with audio packets that would accumulate:
  /// there may be an hour of sound to one picture.
  public func passAudioOn(to body: @escaping ([Packet]) -> Void) { sound.overflow = body }
}

extension VideoReader {
  /// Receives the next frame, skipping packets that cannot be decoded.
  private func receive() -> Flow {
    while true {
      do {
        guard let live else { return try unsafe decoder.receive(into: frame.raw) }
        return try live.receive(into: frame, from: decoder)
      } catch {
        noteError()
        // A decoder reports at most one error per packet; more means that it is stuck.
        if counts.errors > counts.packets { return state == .reading ? .again : .ended }
      }
    }
  }

  /// Reads up to the next video packet and sends it to the decoder, or starts draining the decoder.
  ///
  /// Returns true if there is a frame now: a first one that doesn't wait for later packets.
  private func feed() throws(MediaError) -> Bool {
    watch.reports.beginListening()
    defer { watch.reports.endListening() }
    while true {
      switch try read() {
      case .packet where unsafe Int(packet.raw.pointee.stream_index) == videoIndex:
        if try sendPacket() { return false }
      case .packet:
        let index = unsafe Int(packet.raw.pointee.stream_index)
        if demuxer.isBeside(videoIndex, index) { watch.noteOtherVideo() }
        if let audio, index == audioIndex {
          audioTimes?.place(packet, videoShift: clock.shift)
          try sound.add(packet, timeBase: audio.timeBase)
          if live == nil, counts.frames == 0, sound.isLong,
            let stream = unsafe demuxer.stream(videoIndex),
            unsafe try early.decodeFirst(of: stream, into: frame, source: demuxer.source)
          {
            return true
          }
        }
      case .unfinished:
        truncationReason = "It has no end mark, and nothing was added to it in time."
        drain(cause: nil)
        return false
      case nil:
        drain(cause: nil, to: .emptying)
        return false
      case .end:
        drain(cause: demuxer.transportError)
        return false
      case .broken(let error):
        if error.code == SD_AVERROR_INVALIDDATA, counts.canSkipReadError() { continue }
        // FFmpeg takes the end of an answer without a length for an early one.
        if mayBeFile, error.code == SD_AVERROR_EIO {
          drain(cause: nil)
          return false
        }
        guard info.kind == .file, counts.frames > 0 else {
          throw demuxer.failure(error)
        }
        drain(cause: error)
        return false
      }
    }
  }

  /// Reads the next packet; `nil` if the decoder is to start anew with it.
  private func read() throws(MediaError) -> FormatContext.ReadOutcome? {
    if choosing?.plan != nil { return try readPlanned() }
    guard live != nil else { return try demuxer.read(into: packet) }
    return try live?.read(into: packet, for: decoder) ?? .end
  }

  /// Sends the packet and returns true, or skips it if it is empty: an empty packet would tell the
  /// decoder to drain.
  private func sendPacket() throws(MediaError) -> Bool {
    if choosing?.plan != nil {
      sendPlanned()
      return true
    }
    watch.add(packet, number: counts.packets + 1)
    guard unsafe packet.raw.pointee.size > 0 else { return false }
    lastPacketWasCut = unsafe packet.raw.pointee.flags & AV_PKT_FLAG_CORRUPT != 0
    counts.sentPacket()
    noteTrial()
    if counts.frames == 0 { try early.add(packet, timeBase: info.timeBase) }
    do {
      let number = live.map { Int($0.number) } ?? counts.packets
      decoder.mark(number, watch.reports)
      if let live {
        try live.send(packet, to: decoder)
      } else {
        try decoder.send(packet, number: Int64(number))
      }
    } catch {
      noteError()
    }
    return true
  }

  private func drain(cause: FFmpegError?, to next: State = .draining) {
    packet.clear()
    if let cause { noteEnd(cause) }
    state = next
    do {
      try decoder.drain()
    } catch {
      noteError()
    }
  }
}
