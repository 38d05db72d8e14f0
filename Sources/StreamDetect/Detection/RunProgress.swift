internal import Pipeline

/// The progress of a run over sources.
public struct RunProgress: Hashable, Sendable {
  /// The source of the last frame.
  public var source: String?
  /// Sources that have ended.
  public var sourcesDone = 0
  /// All sources.
  public var sourcesTotal = 0
  /// Frames that were analysed, of all sources.
  public var frames = 0
  /// Objects in them.
  public var objects = 0
  /// Seconds since the run started.
  public var elapsed = 0.0
  /// Frames analysed per second, over the last few seconds.
  public var framesPerSecond = 0.0
  /// The longest time from the capture of a live source's frame to its result, in seconds, over the
  /// last few seconds; `nil` without live sources.
  public var lag: Double?
  /// How much of the current source is done, 0 to 1; `nil` if its length is not known.
  public var fraction: Double?

  init() {}

  init(_ progress: PipelineProgress) {
    source = progress.source
    sourcesDone = progress.sourcesDone
    sourcesTotal = progress.sourcesTotal
    frames = progress.frames
    objects = progress.objects
    elapsed = progress.elapsed
    framesPerSecond = progress.framesPerSecond
    lag = progress.lag
    fraction = progress.fraction
  }
}
