internal import Foundation
public import SSDLite
public import Media

/// How a run reads, looks and queues.
public struct PipelineOptions: Sendable {
  /// How sources are opened.
  public var input: InputOptions
  /// What counts as a detection.
  public var detection: DetectionOptions
  /// Which frames are looked at.
  public var selection = FrameSelection()
  /// In which tiles frames are looked at, beside the whole frame.
  public var tiles = TileGrid.none
  /// How many workers look at frames, or at views of one frame, at once; the results don't hang on it.
  public var threads = ProcessInfo.processInfo.activeProcessorCount
  /// How many decoded frames of a source may wait for a worker, and how many results, beyond one for
  /// each worker, for the sinks.
  public var queueCapacity = 4
  /// What happens to frames of live sources that no worker has time for.
  public var livePolicy = QueuePolicy.latest
  /// How lost live sources are opened again.
  public var reconnect = ReconnectPolicy()
  /// Seconds without a decoded frame after which a live source counts as lost, though its connection
  /// may stand.
  public var stallTimeout = 20.0

  /// Makes options with the defaults of the command line for what isn't given.
  public init(input: InputOptions = InputOptions(), detection: DetectionOptions) {
    self.input = input
    self.detection = detection
  }
}
