internal import Media
internal import Support

/// Opens sources with FFmpeg.
struct MediaOpener: FrameSourceOpener {
  private let options: InputOptions
  /// What was read of each source that may be live, for further connections to it.
  private let read = Locked<[String: ReadPackets]>([:])

  init(options: PipelineOptions) {
    var input = options.input
    if options.selection.rate == .keyframes { input.keyframesOnly = true }
    input.keepsAllPackets = options.livePolicy == .block
    input.decoderTurns = DecoderTurns(count: availableCores())
    self.options = input
  }

  func open(
    _ source: MediaSource, wantsAudio: Bool, cancellation: Cancellation
  ) throws(MediaError) -> any FrameSource {
    var options = options
    options.keepsAudio = wantsAudio
    if source.kind == .live || source.isKindOpen {
      options.readPackets = read.withLock { read in
        let packets = read[source.name] ?? ReadPackets()
        read[source.name] = packets
        return packets
      }
    }
    if !source.isKindOpen { options.isLive = source.kind == .live }
    return try MediaFrameSource(
      VideoReader(source.location, options: options, cancellation: cancellation))
  }
}

/// Frames of a source that FFmpeg reads.
private final class MediaFrameSource: FrameSource {
  private let reader: VideoReader

  init(_ reader: VideoReader) {
    self.reader = reader
  }

  var info: StreamInfo { reader.info }
  var audio: AudioParameters? { reader.audio }
  var failedFrames: Int { reader.failedFrames }
  var leftOutFrames: Int { reader.leftOutFrames }
  var mayBeFile: Bool { reader.mayBeFile }
  var repairedTimestamps: Int { reader.repairedTimestamps }
  var shortfall: Shortfall? { reader.missingPart }

  func next() throws(MediaError) -> Frame? { try reader.next().map(Frame.init) }

  func takeAudio() -> [Packet] { reader.takeAudioPackets() }

  func passAudioOn(to body: @escaping ([Packet]) -> Void) { reader.passAudioOn(to: body) }
}
