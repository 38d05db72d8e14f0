/// How a run ended, over all its sources.
public struct RunSummary: Sendable {
  /// How many sources ended in each way.
  public var statuses: [SourceEnd.Status: Int] = [:]
  /// How many failed or truncated sources may well succeed when tried again.
  public var transientFailures = 0
  /// Where the frames of all sources went.
  public var counts = FrameCounts()
  /// Detections in all frames.
  public var objects = 0
  /// Seconds from start to end.
  public var elapsed = 0.0
  /// Where the time went.
  public var timings = StageTimings()
  /// The error of the first sink that failed; it stopped the run.
  public var outputError: SinkError?
  /// Whether somebody asked the run to stop.
  public var wasStopped = false

  /// A summary of nothing yet.
  public init() {}

  /// How many sources ended with a status.
  public subscript(status: SourceEnd.Status) -> Int { statuses[status, default: 0] }

  /// How many sources there were.
  public var total: Int { statuses.values.reduce(0, +) }

  mutating func add(_ end: SourceEnd) {
    statuses[end.status, default: 0] += 1
    if end.status == .failed || end.status == .truncated, end.reason?.isTransient == true {
      transientFailures += 1
    }
    counts += end.counts
    objects += end.objects
  }
}
