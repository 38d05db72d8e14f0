/// How RTSP media is transported.
public enum RTSPTransport: String, Sendable, CaseIterable {
  /// Over the control connection: nothing is lost, and firewalls let it through.
  case tcp
  /// In datagrams: lower latency, but packets may be lost.
  case udp
}

/// How a source is opened and read.
public struct InputOptions: Sendable {
  /// One option for FFmpeg's demuxer or protocol.
  public struct DemuxerOption: Hashable, Sendable {
    /// FFmpeg's name for the option.
    public var key: String
    /// Its value.
    public var value: String

    /// Sets `key` to `value`.
    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// Seconds that opening may take; 0 for no limit.
  public var openTimeout: Double = 10
  /// Seconds that reading one packet, or closing, may take; 0 for no limit.
  public var readTimeout: Double = 10
  /// How RTSP media is transported.
  public var rtspTransport: RTSPTransport = .tcp
  /// Threads of the decoder; 0 for one per core that affinity and control groups leave.
  public var decoderThreads = 0
  /// Options passed to FFmpeg; one that FFmpeg doesn't use is an error.
  public var demuxerOptions: [DemuxerOption] = []
  /// Pixels of the largest picture that is decoded.
  public var maxPixels = InputOptions.standardMaxPixels
  /// What sources may open besides themselves: names of protocols (`http`), and paths of files and
  /// folders, which count only for local sources.
  ///
  /// A local playlist may name files in its own folder and below without this, a remote one what is
  /// on the network.
  public var allowed: [String] = []
  /// Whether only keyframes are decoded.
  public var keyframesOnly = false
  /// Whether audio packets are kept for `takeAudioPackets`.
  public var keepsAudio = false

  /// Whether the source is read as a live one; `nil` if that is decided by the source itself.
  public var isLive: Bool?
  /// Whether packets of a live source wait for the decoder, rather than being left out when it
  /// doesn't keep up; then the source isn't always read, and the age of its frames has no limit.
  public var keepsAllPackets = false
  /// The turns that decoders of live sources take; without it none waits for another.
  package var decoderTurns: DecoderTurns?
  /// Who gets the packets of a live source, sound included, besides the decoder.
  package var consumer: (any PacketConsumer)?
  /// What was read of a live playlist before, and isn't given out again.
  package var readPackets: ReadPackets?

  /// A hundred million pixels: four times 8K, or a photograph of 100 megapixels.
  public static let standardMaxPixels = 100_000_000

  /// Whether something to allow is a path or the name of a protocol that there is.
  package static func isKnown(allowed name: String) -> Bool {
    OpenPolicy.isPath(name) || OpenPolicy.exists(name)
  }

  /// Creates the default options.
  public init() {}
}
