internal import Media
internal import Support

/// A sink with its queue and its thread.
///
/// `push` and `close` are for the ordered stage's thread, `run` is the sink's own.
final class SinkRunner: @unchecked Sendable {
  // Sendable because `run` alone calls the sink, on a single thread, after `init`; `heldAudio`
  // belongs to the ordered stage's thread, and everything else is Sendable itself.

  /// Shared by the ordered stage's thread and the sink's thread.
  private struct State {
    var report: OutputReport
    var timing = StageTiming()
    /// The error that ended the run.
    var fatal: SinkError?
  }

  /// The state of the sink's thread.
  private struct Delivery {
    /// Sources that have started and not ended, for a sink that is tried again.
    var openSources: [SourceStart] = []
    var isDown = false
    /// When a sink that has failed is tried again; `nil` for never.
    var nextAttempt: ContinuousClock.Instant?
    /// Since when the sink has worked.
    var lastStart = ContinuousClock.now
    var schedule: ReconnectSchedule
    var random = SystemRandomNumberGenerator()
  }

  let wantsPictures: Bool
  let wantsAudio: Bool
  private let sink: any ResultSink
  private let policy: SinkPolicy
  private let queue: BoundedQueue<SinkRecord>
  private let state: Locked<State>
  /// Audio that came between frames, by source; for the ordered stage's thread.
  private var heldAudio: [String: [Packet]] = [:]
  private let endRun: @Sendable () -> Void

  /// Makes a runner; `endRun` is called when a failure of the sink has to end the run.
  init(
    _ sink: any ResultSink, capacity: Int, byteLimit: Int,
    endRun: @escaping @Sendable () -> Void
  ) {
    self.sink = sink
    self.endRun = endRun
    policy = sink.sinkPolicy
    wantsPictures = sink.wantsPictures
    wantsAudio = sink.wantsAudio
    queue = BoundedQueue(capacity: capacity, byteLimit: byteLimit, policy: policy.whenFull)
    state = Locked(State(report: OutputReport(name: sink.sinkName)))
  }

  /// What the sink has written and missed.
  var report: OutputReport { state.withLock { $0.report } }

  /// The time of the sink's calls with frames.
  var timing: StageTiming { state.withLock { $0.timing } }

  /// The error that ended the run, if it was this sink's.
  var fatalError: SinkError? { state.withLock { $0.fatal } }

  /// Queues a record; what a full queue does depends on the policy.
  func push(_ record: SinkRecord) {
    guard let record = withAudio(record) else { return }
    // `nil` after a failure that ended the run: the other sinks go on until their sources' ends.
    guard let dropped = queue.push(trimmed(record)), dropped > 0 else { return }
    state.withLock { $0.report.missed += dropped }
  }

  /// Says that no record will follow.
  func close() { queue.close() }

  /// Calls the sink for each record until the queue is closed, or the sink has failed for good.
  func run() {
    let retries: ReconnectPolicy? =
      if case .keepsTrying(let policy) = policy.failure { policy } else { nil }
    var delivery = Delivery(schedule: ReconnectSchedule(retries ?? ReconnectPolicy()))
    while let record = (try? queue.pop()) ?? nil {
      do {
        try deliver(record, &delivery)
      } catch {
        let error = SinkError(any: error)
        state.withLock { state in
          state.report.failures += 1
          state.report.error = error
          if case .frame = record { state.report.missed += 1 }
        }
        guard retries != nil, error.kind != .unsupported else { return end(error) }
        scheduleAttempt(after: error, &delivery)
      }
    }
  }

  /// Calls the sink with the end of a source that nothing was read of; `run` is not called then.
  func deliver(_ end: SourceEnd) {
    guard fatalError == nil else { return }
    do { try sink.sourceEnded(end) } catch { self.end(SinkError(any: error)) }
  }

  /// The record for this sink, with audio that waited for it; `nil` if it only adds to that audio.
  ///
  /// A sink that never holds up the run gets audio with frames alone, because frames may be dropped
  /// for room.
  private func withAudio(_ record: SinkRecord) -> SinkRecord? {
    guard case .keepsTrying = policy.failure, wantsAudio else {
      if case .audio = record, !wantsAudio { return nil }
      return record
    }
    switch record {
    case .audio(let source, let packets):
      heldAudio[source] = boundedAudio((heldAudio[source] ?? []) + packets)
      return nil
    case .frame(var result):
      guard let held = heldAudio.removeValue(forKey: result.source) else { return record }
      result.origin.audio = held + result.audio
      return .frame(result)
    case .ended(var end):
      end.audio = (heldAudio.removeValue(forKey: end.source) ?? []) + end.audio
      return .ended(end)
    case .started, .gap:
      return record
    }
  }

  /// The record without the picture and the audio that the sink doesn't want, so that its queue
  /// doesn't keep them.
  private func trimmed(_ record: SinkRecord) -> SinkRecord {
    guard case .frame(var result) = record, !wantsPictures || !wantsAudio else { return record }
    if !wantsPictures { result.origin.picture = nil }
    if !wantsAudio { result.origin.audio = [] }
    return .frame(result)
  }

  private func deliver(_ record: SinkRecord, _ delivery: inout Delivery) throws {
    switch record {
    case .started(let start): delivery.openSources.append(start)
    case .ended(let end): delivery.openSources.removeAll { $0.source == end.source }
    case .frame, .audio, .gap: break
    }
    guard try isUp(for: record, &delivery) else {
      if case .frame = record { state.withLock { $0.report.missed += 1 } }
      return
    }
    switch record {
    case .started(let start): try sink.sourceStarted(start)
    case .audio(let source, let packets): try sink.audio(packets, of: source)
    case .gap(let gap): try sink.gap(gap)
    case .ended(let end): try sink.sourceEnded(end)
    case .frame(let result):
      let began = ContinuousClock.now
      try sink.frame(result)
      state.withLock { state in
        state.timing.add(began.duration(to: .now))
        state.report.written += 1
      }
    }
  }

  /// Whether the sink works; one that has failed is tried again with the first frame after its
  /// delay.
  private func isUp(for record: SinkRecord, _ delivery: inout Delivery) throws -> Bool {
    guard delivery.isDown else { return true }
    guard case .frame = record, let next = delivery.nextAttempt, next <= .now else { return false }
    for start in delivery.openSources { try sink.sourceStarted(start) }
    delivery.isDown = false
    delivery.lastStart = .now
    queue.setPolicy(policy.whenFull)
    sink.didRecover()
    return true
  }

  private func scheduleAttempt(after error: SinkError, _ delivery: inout Delivery) {
    if !delivery.isDown {
      delivery.schedule.connectionLasted(delivery.lastStart.duration(to: .now).seconds)
    }
    delivery.isDown = true
    // While it is tried again, which may take as long as a network lets it, no other sink waits.
    queue.setPolicy(.dropOldest)
    let delay = delivery.schedule.next(using: &delivery.random)
    delivery.nextAttempt = delay.map { .now + .seconds($0) }
    sink.didFail(error, retryIn: delay)
  }

  private func end(_ error: SinkError) {
    state.withLock { $0.fatal = error }
    endRun()
    queue.cancel()
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
