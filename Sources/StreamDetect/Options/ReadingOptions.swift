internal import Media

/// How sources are read: which frames, by how many threads, and what happens with live streams.
public struct ReadingOptions: Hashable, Sendable {
  /// How RTSP media travels.
  public enum RTSPTransport: String, Hashable, Sendable {
    /// Within the control connection: nothing is lost, and firewalls let it through.
    case tcp
    /// In datagrams: less delay, but packets may be lost.
    case udp
  }

  /// How many of the frames are analysed.
  public var sampling: FrameSampling
  /// Seconds from the first frame before which frames are skipped.
  public var start: Double?
  /// Seconds from the first frame at which the source ends.
  public var end: Double?
  /// Seconds after the start at which the source ends.
  public var duration: Double?
  /// The maximum number of frames to analyse of each source, at least 1.
  public var limit: Int?

  /// Threads that compute; `nil` for one per core that affinity and control groups allow.
  ///
  /// The results do not depend on it.
  public var threads: Int?
  /// Whether all threads share each frame, which finishes a frame sooner, and all frames together
  /// later; `nil` for true with a single live source, and false otherwise.
  ///
  /// The results do not depend on it.
  public var prefersLatency: Bool?
  /// Whether each ``DetectedFrame`` keeps its picture.
  ///
  /// A picture holds memory of the decoder, so release it soon.
  public var keepsPictures: Bool

  /// Decoded frames that may wait for a worker, and results that may wait for the program, 1 to
  /// 4096.
  public var queue: Int
  /// What happens to frames of live sources while all workers are busy.
  public var livePolicy: LivePolicy
  /// How lost live sources are opened again.
  public var reconnection: Reconnection
  /// Seconds without a frame after which a live source counts as lost.
  public var stallTimeout: Double

  /// Seconds that opening a source may take.
  public var openTimeout: Double
  /// Seconds that a source may be silent.
  public var readTimeout: Double
  /// Pixels of the largest picture that is decoded, at least 1; a larger one is an error.
  public var maxPixels: Int
  /// How RTSP media travels.
  public var rtspTransport: RTSPTransport
  /// Further options for FFmpeg's demuxer or protocol, by FFmpeg's names; one that FFmpeg does not
  /// use is an error.
  public var demuxerOptions: [String: String]
  /// What sources may open besides themselves: names of protocols, such as `http`, and paths of
  /// files and folders.
  ///
  /// A local playlist may name files in its own folder and below without this, a remote one what is
  /// on the network and never a local file.
  public var allowed: [String]

  /// The largest picture that is decoded if nothing else is said: 100 million pixels.
  public static let standardMaxPixels = InputOptions.standardMaxPixels

  /// Creates options; values are checked when they are used.
  public init(
    sampling: FrameSampling = .all, start: Double? = nil, end: Double? = nil,
    duration: Double? = nil, limit: Int? = nil, threads: Int? = nil, prefersLatency: Bool? = nil,
    keepsPictures: Bool = false, queue: Int = 4, livePolicy: LivePolicy = .latest,
    reconnection: Reconnection = Reconnection(),
    stallTimeout: Double = 20, openTimeout: Double = 10, readTimeout: Double = 10,
    maxPixels: Int = ReadingOptions.standardMaxPixels,
    rtspTransport: RTSPTransport = .tcp, demuxerOptions: [String: String] = [:],
    allowed: [String] = []
  ) {
    self.sampling = sampling
    self.start = start
    self.end = end
    self.duration = duration
    self.limit = limit
    self.threads = threads
    self.prefersLatency = prefersLatency
    self.keepsPictures = keepsPictures
    self.queue = queue
    self.livePolicy = livePolicy
    self.reconnection = reconnection
    self.stallTimeout = stallTimeout
    self.openTimeout = openTimeout
    self.readTimeout = readTimeout
    self.maxPixels = maxPixels
    self.rtspTransport = rtspTransport
    self.demuxerOptions = demuxerOptions
    self.allowed = allowed
  }
}
