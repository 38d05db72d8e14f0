internal import Media
internal import Tracking

/// Handles the items of all lanes in order: keeps the account of each source, makes its end record,
/// and queues the records for the sinks.
///
/// It runs on one thread, so the state of a source needs no lock. It never calls a sink, and waits
/// for one only if the sink's queue is full and its policy says so.
struct OrderedStage {
  private let context: RunContext
  private let sinks: [SinkRunner]
  /// The account of the present source of each lane.
  private var accounts: [SourceAccount]
  /// The tracker of the present source of each lane, if objects are tracked.
  private var trackers: [ResultTracker?]
  private(set) var summary = RunSummary()

  init(context: RunContext, sinks: [SinkRunner], lanes: Int) {
    self.context = context
    self.sinks = sinks
    accounts = Array(repeating: SourceAccount(), count: lanes)
    trackers = Array(repeating: nil, count: lanes)
  }

  /// Works until the workers and the decode stages have ended, then closes the sinks' queues.
  mutating func run() {
    while let item = next() {
      handle(item)
      context.release(item)
    }
    for sink in sinks { sink.close() }
  }

  /// Ends sources that no thread reads, instead of `run`; calls the sinks on the caller's thread.
  mutating func fail(_ sources: [MediaSource], _ reason: EndReason) {
    for source in sources {
      let end = SourceEnd(source: source.name, status: .failed, reason: reason)
      summary.add(end)
      for sink in sinks { sink.deliver(end) }
    }
  }

  /// The queue never fails: it is closed after the last worker.
  private func next() -> LaneItem? { (try? context.ordered.pop()) ?? nil }

  private mutating func handle(_ item: LaneItem) {
    switch item.content {
    case .started(let start):
      trackers[item.lane] = context.options.tracking.map { ResultTracker($0) }
      context.control.meter.started(start, selection: context.options.selection)
      send(.started(start))
    case .audio(let source, let packets):
      send(.audio(source: source, accounts[item.lane].takeAudio() + packets))
    case .gap(let gap):
      context.control.meter.changed(gap)
      send(.gap(gap))
    case .failed(let reason, let audio):
      accounts[item.lane].fail(reason, audio: audio)
    case .cancelled:
      accounts[item.lane].drop()
    case .outdated(let audio):
      accounts[item.lane].skip(audio: audio)
    case .result where context.control.isCancelled:
      accounts[item.lane].drop()
    case .result(var result):
      result.origin.lag = result.origin.capture?.lag()
      for result in trackers[item.lane]?.track(result) ?? [result] { pass(result, item.lane) }
    case .ended(let laneEnd):
      for result in trackers[item.lane]?.finish() ?? [] { pass(result, item.lane) }
      var end = accounts[item.lane].end(laneEnd)
      end.events = trackers[item.lane]?.finishEvents() ?? []
      accounts[item.lane] = SourceAccount()
      trackers[item.lane] = nil
      summary.add(end)
      send(.ended(end))
      context.control.meter.ended(end.source)
    }
  }

  /// Finds the events of a result and passes it on to the sinks, unless the run was cancelled while
  /// it was held back.
  private mutating func pass(_ tracked: FrameResult, _ lane: Int) {
    guard !context.control.isCancelled else { return accounts[lane].drop() }
    var result = tracked
    do throws(ZoneError) {
      try trackers[lane]?.findEvents(&result)
    } catch {
      return accounts[lane].fail(EndReason(error), audio: result.audio)
    }
    result = accounts[lane].process(result)
    send(.frame(result))
    context.control.meter.finished(result)
  }

  private func send(_ record: SinkRecord) {
    for sink in sinks { sink.push(record) }
  }
}

extension EndReason {
  /// Why no frame of a source can be searched for events.
  fileprivate init(_ error: ZoneError) {
    self.init(
      code: MediaError.Code.zone.rawValue, message: "\(error.subject): \(error.message)",
      remedy: error.remedy, isTransient: false)
  }
}
