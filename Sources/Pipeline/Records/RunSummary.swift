/// How a run ended, over all its sources.
public struct RunSummary: Sendable {
  /// How many sources ended in each way.
  public var statuses: [SourceEnd.Status: Int] = [:]
  /// How many incomplete sources may succeed when tried again.
  public var transientFailures = 0
  /// How many sources the options selected no frame of.
  public var emptySelections = 0
  /// What happened to the frames of all sources.
  public var counts = FrameCounts()
  /// Detections in all frames.
  public var objects = 0
  /// How each output fared, in the order of the sinks.
  public var outputs: [OutputReport] = []
  /// Seconds from start to end.
  public var elapsed = 0.0
  /// Where the time went.
  public var timings = StageTimings()
  /// The error that ended the run, of a sink whose results are required.
  ///
  /// If several failed, one that lost results comes before a reader that has gone.
  public var outputError: SinkError?
  /// What the folders among the sources have besides media.
  public var passedOver = PassedOver()
  /// Whether the run was asked to stop.
  public var wasStopped = false

  /// A summary of a run without sources.
  public init() {}

  /// How many sources ended with a status.
  public subscript(status: SourceEnd.Status) -> Int { statuses[status, default: 0] }

  /// How many sources there were.
  public var total: Int { statuses.values.reduce(0, +) }

  /// Adds a source that has ended.
  package mutating func add(_ end: SourceEnd) {
    statuses[end.status, default: 0] += 1
    if end.isIncomplete, end.reason?.isTransient == true {
      transientFailures += 1
    }
    if end.status == .complete, end.reason != nil { emptySelections += 1 }
    counts += end.counts
    objects += end.objects
  }
}
