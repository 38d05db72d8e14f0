import CFFmpeg

/// What can be found out about a source without decoding it.
public struct SourceProbe: Sendable, Hashable, Codable {
  /// The location, without user info and secrets.
  public var source: String
  /// What kind of source it is.
  public var kind: SourceKind
  /// FFmpeg's name for the container.
  public var format: String
  /// Seconds, if known.
  public var duration: Double?
  /// Bits per second of the whole source, if known.
  public var bitRate: Int?
  /// The recording time stored in the file.
  public var creationTime: String?
  /// The video.
  public var video: Video
  /// The audio streams.
  public var audio: [Audio]
  /// The number of video packets read, usually one per frame.
  public var packets: Int
  /// Whether the source was read to its end.
  public var isScannedToEnd: Bool
  /// The seconds between keyframes, if there are at least two.
  public var keyframeInterval: KeyframeInterval?
  /// The number of keyframes read.
  public var keyframes: Int
  /// What the timestamps show.
  public var timestamps: TimestampAnalysis
  /// What the file lacks compared with what its container announces, or `nil`.
  public var truncation: String?

  /// The seconds between keyframes.
  public struct KeyframeInterval: Sendable, Hashable, Codable {
    /// The average.
    public var average: Double
    /// The longest.
    public var longest: Double
  }

  /// The video stream.
  public struct Video: Sendable, Hashable, Codable {
    /// FFmpeg's name for the codec.
    public var codec: String
    /// The codec's profile, if it has one.
    public var profile: String?
    /// The width as displayed, in pixels.
    public var width: Int
    /// The height as displayed, in pixels.
    public var height: Int
    /// The width as stored, in pixels.
    public var codedWidth: Int
    /// The height as stored, in pixels.
    public var codedHeight: Int
    /// The clockwise rotation of the stored picture for display, in degrees.
    public var rotation: Int
    /// Width over height of one pixel, if pixels aren't square.
    public var pixelAspect: Rational?
    /// FFmpeg's name for the pixel format.
    public var pixelFormat: String
    /// Bits of one sample, if the pixel format is known.
    public var bitDepth: Int?
    /// Whether pictures are stored as two fields.
    public var isInterlaced: Bool
    /// FFmpeg's name for the matrix.
    public var colorSpace: String
    /// FFmpeg's name for the primaries.
    public var primaries: String
    /// FFmpeg's name for the transfer function.
    public var transfer: String
    /// FFmpeg's name for the range.
    public var range: String
    /// Whether the transfer function is PQ or HLG.
    public var isHDR: Bool
    /// Whether there is Dolby Vision metadata.
    public var isDolbyVision: Bool
    /// The time base of the timestamps.
    public var timeBase: TimeBase
    /// Frames per second on average, if known.
    public var averageFrameRate: Rational?
    /// The lowest rate that represents all timestamps exactly, as FFmpeg estimates it.
    public var baseFrameRate: Rational?
  }

  /// One audio stream.
  public struct Audio: Sendable, Hashable, Codable {
    /// FFmpeg's name for the codec.
    public var codec: String
    /// Samples per second.
    public var sampleRate: Int
    /// The number of channels.
    public var channels: Int
    /// Bits per second, if known.
    public var bitRate: Int?
    /// The language stored in the file.
    public var language: String?
  }
}

extension SourceProbe {
  /// Opens `location` and reads its packets, up to `seconds` of video.
  ///
  /// - Throws: `MediaError` if it cannot be opened or sends no data in time.
  public init(
    _ location: String, options: InputOptions = InputOptions(),
    cancellation: Cancellation = Cancellation(), seconds: Double = .infinity
  ) throws(MediaError) {
    let interrupt = Interrupt(cancellation)
    interrupt.arm(seconds: options.openTimeout)
    let place = try Location(location, interrupt: interrupt)
    let demuxer = try FormatContext.open(
      place, source: location, options: options, interrupt: interrupt)
    guard let index = demuxer.bestStream(AVMEDIA_TYPE_VIDEO),
      let stream = unsafe demuxer.stream(index)
    else {
      throw demuxer.failure(
        FFmpegError(code: SD_AVERROR_STREAM_NOT_FOUND, call: "av_find_best_stream"))
    }
    let audio = demuxer.audioStreams()
    let info = unsafe StreamInfo(
      demuxer, stream: stream, kind: demuxer.kind, hasAudio: !audio.isEmpty)
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
    timestamps = TimestampAnalysis(
      scan.times, timeBase: info.timeBase,
      period: demuxer.clockLimits(ofStream: index, kind: info.kind, isPushed: false).period)
    truncation = scan.failure
    do throws(FFmpegError) {
      if truncation == nil, let path = place.path {
        truncation = try demuxer.shortfall(ofFile: path)
      }
    } catch {
      throw demuxer.failure(error)
    }
  }
}
