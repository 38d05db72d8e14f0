public import SSDLite
public import Media
internal import Support

/// How a run reads and analyses its sources.
public struct PipelineOptions: Sendable {
  /// How sources are opened.
  public var input: InputOptions
  /// What counts as a detection.
  public var detection: DetectionOptions
  /// Which frames are analysed.
  public var selection = FrameSelection()
  /// The tiles that frames are analysed in, besides the whole frame.
  public var tiles = TileGrid.none
  /// Which of the detector's sizes frames are analysed at.
  public var sizes = InputSizes.own
  /// What of each frame is hidden from the network, and what is analysed at full detail.
  public var areas = FrameAreas()
  /// How objects are tracked; `nil` for not at all.
  public var tracking: ObjectTracking?
  /// How many workers analyse frames, or tiles of one frame, at the same time; results don't depend
  /// on it.
  public var threads = availableCores()
  /// How many decoded frames of a lane may wait for a worker, how many results, beyond one for each
  /// worker, for their order, and how many for each sink.
  public var queueCapacity = 4
  /// How many bytes of pictures may wait in each queue, and half of how many may be at work for a
  /// lane; one picture always passes.
  package var queueBytes = PipelineOptions.standardQueueBytes
  /// What happens to frames of live sources when no worker has time for them.
  public var livePolicy = QueuePolicy.latest
  /// When lost live sources are opened again.
  public var reconnect = ReconnectPolicy()
  /// Seconds without a decoded frame after which a live source counts as lost, even if it is still
  /// connected.
  public var stallTimeout = 20.0
  /// How many seconds a file may be read, with the time that it waits for workers and sinks; `nil`
  /// for any time.
  package var sourceTimeout: Double?
  /// Asked about each file by its name when its turn comes, on the thread that will read it; one
  /// that isn't admitted is left out of the run without a record.
  package var admits: (@Sendable (String) -> Bool)?

  /// Eighty pictures of 1080 lines, twenty of 2160, or the largest that is read by default.
  package static let standardQueueBytes = 256 << 20

  /// Whether sources may be live.
  var allowsLive: Bool { tracking?.isOffline != true }

  /// Makes options with the defaults of the command line.
  public init(input: InputOptions = InputOptions(), detection: DetectionOptions) {
    self.input = input
    self.detection = detection
  }
}
