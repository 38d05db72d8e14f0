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
    let known = options
    let open = { () throws(MediaError) in
      try VideoReader(source.location, options: known, cancellation: cancellation)
    }
    return MediaFrameSource(try open(), reopen: open)
  }
}

/// Frames of a source that FFmpeg reads.
private final class MediaFrameSource: FrameSource {
  private let first: VideoReader
  private let reopen: () throws(MediaError) -> VideoReader
  private var choice: ChosenFrames?

  init(_ reader: VideoReader, reopen: @escaping () throws(MediaError) -> VideoReader) {
    first = reader
    self.reopen = reopen
  }

  private var reader: VideoReader { choice?.current ?? first }

  var info: StreamInfo { first.info }
  var audio: AudioParameters? { first.audio }
  var failedFrames: Int { reader.failedFrames }
  var leftOutFrames: Int { reader.leftOutFrames }
  var mayBeFile: Bool { reader.mayBeFile }
  var repairedTimestamps: Int { reader.repairedTimestamps }
  var shortfall: Shortfall? { reader.missingPart }

  func next() throws(MediaError) -> Frame? {
    guard let choice else { return try first.next().map(Frame.init) }
    return try choice.next().map(Frame.init)
  }

  func choose(_ selector: FrameSelector) -> Bool {
    guard selector.isSparse, first.info.kind == .file else { return false }
    choice = ChosenFrames(first, chooser: selector, reopen: reopen)
    return true
  }

  var chosen: ChosenSoFar? {
    choice.map {
      ChosenSoFar(frames: $0.frameCount, hasEnded: $0.hasEnded, lastPassed: $0.lastPassed)
    }
  }

  func takeAudio() -> [Packet] { choice?.takeAudioPackets() ?? first.takeAudioPackets() }

  func passAudioOn(to body: @escaping ([Packet]) -> Void) {
    choice?.passAudioOn(to: body) ?? first.passAudioOn(to: body)
  }
}
