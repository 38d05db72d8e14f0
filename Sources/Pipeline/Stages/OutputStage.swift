internal import Foundation
internal import Media

/// Hands results to the sinks in order, keeps the accounts and makes the end records.
struct OutputStage {
  /// What became of the frames of a lane's present source.
  private struct Tally {
    var counts = FrameCounts()
    var objects = 0
    var firstT: Double?
    var lastT: Double?
    var lastFailure: EndReason?
    /// Audio of frames that failed, for the next that doesn't.
    var audio: [Packet] = []
  }

  private let context: RunContext
  private var sinks: [any ResultSink]
  private var tallies: [Tally]
  private var timing = StageTiming()
  private(set) var summary = RunSummary()

  init(context: RunContext, sinks: [any ResultSink], lanes: Int) {
    self.context = context
    self.sinks = sinks
    tallies = Array(repeating: Tally(), count: lanes)
  }

  /// Works until the workers have ended.
  mutating func run() {
    while let item = next() {
      let began = ContinuousClock.now
      let isFrame = handle(item)
      if isFrame { timing.add(began.duration(to: .now)) }
      context.lanes.release(lane: item.lane)
    }
    var timings = StageTimings()
    timings.output = timing
    context.add(timings)
  }

  /// The queue of results never fails: it is closed after the last worker.
  private func next() -> OutputItem? { (try? context.output.pop()) ?? nil }

  /// Handles one item and tells whether a result went to the sinks.
  private mutating func handle(_ item: OutputItem) -> Bool {
    switch item.content {
    case .started(let start):
      context.control.meter.started(start, selection: context.options.selection)
      deliver { try $0.sourceStarted(start) }
    case .gap(let gap):
      deliver { try $0.gap(gap) }
    case .failed(let reason, let audio):
      tallies[item.lane].counts.failed += 1
      tallies[item.lane].lastFailure = reason
      tallies[item.lane].audio += audio
    case .cancelled:
      tallies[item.lane].counts.dropped += 1
    case .result where context.control.isCancelled:
      tallies[item.lane].counts.dropped += 1
    case .result(let result):
      finish(result, lane: item.lane)
      return true
    case .ended(let end):
      finish(end, lane: item.lane)
    }
    return false
  }

  private mutating func finish(_ result: FrameResult, lane: Int) {
    var result = result
    result.audio = tallies[lane].audio + result.audio
    tallies[lane].audio = []
    tallies[lane].counts.processed += 1
    tallies[lane].objects += result.detections.count
    tallies[lane].firstT = tallies[lane].firstT ?? result.t
    tallies[lane].lastT = result.t
    deliver { try $0.frame(result) }
    context.control.meter.finished(result)
  }

  private mutating func finish(_ laneEnd: LaneEnd, lane: Int) {
    let tally = tallies[lane]
    tallies[lane] = Tally()
    var counts = laneEnd.counts
    counts.processed += tally.counts.processed
    counts.failed += tally.counts.failed
    counts.dropped += tally.counts.dropped
    assert(counts.isBalanced, "frames of \(laneEnd.source) are lost: \(counts)")
    var end = SourceEnd(
      source: laneEnd.source, status: laneEnd.status, reason: laneEnd.reason, counts: counts,
      objects: tally.objects, reconnects: laneEnd.reconnects,
      ptsRepaired: laneEnd.repairedTimestamps, firstT: tally.firstT, lastT: tally.lastT,
      elapsed: laneEnd.opened.duration(to: .now).seconds, audio: tally.audio + laneEnd.audio)
    if end.status == .complete, tally.counts.dropped > 0 {
      (end.status, end.reason) = (.stopped, .stopped)
    } else if end.status == .complete, let reason = Self.uselessness(laneEnd, counts, tally) {
      (end.status, end.reason) = (.failed, reason)
    }
    summary.add(end)
    deliver { try $0.sourceEnded(end) }
    context.control.meter.ended(end.source)
  }

  /// Why a source that was read to its end was still of no use, if so.
  private static func uselessness(
    _ end: LaneEnd, _ counts: FrameCounts, _ tally: Tally
  ) -> EndReason? {
    if counts.processed == 0, counts.failed > 0 {
      return tally.lastFailure
        ?? EndReason(
          word: "no_frames", sentence: "None of its \(counts.failed) frames could be decoded.",
          remedy: "Check that it plays elsewhere.", isTransient: false)
    }
    guard counts.decoded == 0, !end.isCutShort else { return nil }
    return EndReason(
      word: "no_frames", sentence: "The video stream holds no frame.",
      remedy: "Check that it plays elsewhere.", isTransient: false)
  }

  /// Calls every sink that still works; the first that fails ends the run.
  private mutating func deliver(_ call: (any ResultSink) throws -> Void) {
    var working: [any ResultSink] = []
    for sink in sinks {
      do {
        try call(sink)
        working.append(sink)
      } catch {
        summary.outputError = summary.outputError ?? SinkError(any: error)
        context.control.cancel()
      }
    }
    sinks = working
  }
}

extension SinkError {
  fileprivate init(any error: any Error) {
    switch error {
    case let error as SinkError: self = error
    case let error as MediaError: self.init(.outputFailed, "\(error.message) \(error.remedy)")
    default: self.init(.outputFailed, "\(error)")
    }
  }
}
