import CFFmpeg

/// Everything about a source that can be told without decoding it.
public struct SourceProbe: Sendable, Hashable, Codable {
  /// The location, without user info and secrets.
  public var source: String
  /// What kind of source it is.
  public var kind: SourceKind
  /// FFmpeg's name of the container.
  public var format: String
  /// Seconds, if known.
  public var duration: Double?
  /// Bits a second of the whole source, if known.
  public var bitRate: Int?
  /// When it was recorded, as the file says.
  public var creationTime: String?
  /// The video.
  public var video: Video
  /// The audio streams.
  public var audio: [Audio]
  /// The number of video packets read; about one a frame.
  public var packets: Int
  /// Whether the source was read to its end.
  public var isScannedToEnd: Bool
  /// The seconds between keyframes, where there are two at least.
  public var keyframeInterval: KeyframeInterval?
  /// The number of keyframes read.
  public var keyframes: Int
  /// What the time stamps tell.
  public var timestamps: TimestampAnalysis
  /// How the file falls short of what its container says, or `nil`.
  public var truncation: String?

  /// The seconds between keyframes.
  public struct KeyframeInterval: Sendable, Hashable, Codable {
    /// On average.
    public var average: Double
    /// At most.
    public var longest: Double
  }

  /// The video stream.
  public struct Video: Sendable, Hashable, Codable {
    /// FFmpeg's name of the codec.
    public var codec: String
    /// The codec's profile, if it has one.
    public var profile: String?
    /// The width as shown, in pixels.
    public var width: Int
    /// The height as shown, in pixels.
    public var height: Int
    /// The width as stored, in pixels.
    public var codedWidth: Int
    /// The height as stored, in pixels.
    public var codedHeight: Int
    /// Degrees clockwise that the stored picture is turned to be shown.
    public var rotation: Int
    /// Width over height of one pixel where pixels are not square.
    public var pixelAspect: Rational?
    /// FFmpeg's name of the pixel format.
    public var pixelFormat: String
    /// Bits of one sample, if the pixel format is known.
    public var bitDepth: Int?
    /// Whether pictures are stored as two fields.
    public var isInterlaced: Bool
    /// FFmpeg's name of the matrix.
    public var colorSpace: String
    /// FFmpeg's name of the primaries.
    public var primaries: String
    /// FFmpeg's name of the transfer.
    public var transfer: String
    /// FFmpeg's name of the range.
    public var range: String
    /// Whether the transfer is PQ or HLG.
    public var isHDR: Bool
    /// Whether Dolby Vision's own data come along.
    public var isDolbyVision: Bool
    /// The tick of the time stamps.
    public var timeBase: TimeBase
    /// Frames a second on average, if known.
    public var averageFrameRate: Rational?
    /// The lowest rate that holds all time stamps, as far as FFmpeg can tell.
    public var baseFrameRate: Rational?
  }

  /// One audio stream.
  public struct Audio: Sendable, Hashable, Codable {
    /// FFmpeg's name of the codec.
    public var codec: String
    /// Samples a second.
    public var sampleRate: Int
    /// The number of channels.
    public var channels: Int
    /// Bits a second, if known.
    public var bitRate: Int?
    /// The language, as the file says.
    public var language: String?
  }
}

extension SourceProbe {
  /// Opens `location` and reads its packets, up to `seconds` of video.
  ///
  /// - Throws: `MediaError` where it cannot be opened, or falls silent.
  public init(
    _ location: String, options: InputOptions = InputOptions(),
    cancellation: Cancellation = Cancellation(), seconds: Double = .infinity
  ) throws(MediaError) {
    let place = try Location(location)
    let demuxer = try FormatContext.open(
      place, source: location, options: options, interrupt: Interrupt(cancellation))
    guard let index = demuxer.bestStream(AVMEDIA_TYPE_VIDEO),
      let stream = unsafe demuxer.stream(index)
    else {
      throw MediaError(
        FFmpegError(code: SD_AVERROR_STREAM_NOT_FOUND, call: "av_find_best_stream"),
        source: location)
    }
    let audio = demuxer.audioStreams()
    let info = unsafe StreamInfo(
      demuxer, stream: stream, kind: demuxer.kind(of: place), hasAudio: !audio.isEmpty)
    let scan = try PacketScan(demuxer, stream: index, timeBase: info.timeBase, seconds: seconds)
    source = redacted(location)
    kind = info.kind
    format = info.formatName
    duration = info.duration
    bitRate = info.bitRate
    creationTime = unsafe dictionaryEntry("creation_time", of: demuxer.raw.pointee.metadata)
    video = unsafe Video(info, stream)
    self.audio = audio
    packets = scan.times.count
    isScannedToEnd = scan.isComplete
    keyframes = scan.keyframes.count
    keyframeInterval = KeyframeInterval(scan.keyframes, timeBase: info.timeBase)
    timestamps = TimestampAnalysis(scan.times, timeBase: info.timeBase)
    truncation = place.path.flatMap { ContainerExtent.shortfall(ofFile: $0) }
  }
}
