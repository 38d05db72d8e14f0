internal import Foundation
internal import Media

/// Reads the sources of one lane, on a queue of its own, and ends each with a record.
struct DecodeStage: Sendable {
  let plan: LanePlan
  let lane: Int
  let context: RunContext

  /// Reads until every source has ended.
  func run() {
    for source in plan.sources {
      if plan.isLive {
        readLive(source)
      } else {
        readFile(source)
      }
    }
  }

  private func readFile(_ source: MediaSource) {
    var reading = SourceReading(source, lane: lane, context: context)
    let control = context.control
    guard !control.isStopping else { return reading.finishStopped() }
    let cancellation = Cancellation()
    let stop: SourceReading.Stop
    do {
      stop = try control.withStopAction({ cancellation.cancel() }) {
        () throws(MediaError) -> SourceReading.Stop in
        let reader = try reading.open(cancellation)
        reading.sendStart(reader)
        return reading.read(reader)
      }
    } catch {
      return control.isStopping
        ? reading.finishStopped() : reading.finish(.failed, EndReason(error))
    }
    switch stop {
    case .endOfStream(nil):
      reading.finish(.complete)
    case .endOfStream(let sentence?):
      reading.finish(
        .truncated,
        EndReason(
          code: "truncated", message: sentence, remedy: "Get a whole copy to see the rest.",
          isTransient: false))
    case .selected:
      reading.finishSelected()
    case .stopped:
      reading.finishStopped()
    case .lost(let error):
      reading.finish(reading.nextIndex > 0 ? .truncated : .failed, EndReason(error))
    }
  }

  /// Reads a live source, and opens it again as the policy says.
  ///
  /// A source that could not be opened at first is tried again only if the number of attempts is
  /// limited, and never after a permanent error (a misspelt option, say).
  private func readLive(_ source: MediaSource) {
    var reading = SourceReading(source, lane: lane, context: context)
    var schedule = ReconnectSchedule(context.options.reconnect)
    var random = SystemRandomNumberGenerator()
    var wasOpen = false
    while true {
      let connection = readConnection(&reading, schedule, wasOpen: wasOpen)
      wasOpen = wasOpen || connection.isOpen
      if connection.hadFrames { schedule.connectionLasted(connection.seconds) }
      let reason: EndReason
      switch connection.stop {
      case .selected: return reading.finishSelected()
      case .stopped: return reading.finishStopped()
      case .endOfStream where connection.isFinite: return reading.finish(.complete)
      case .endOfStream: reason = .endOfStream
      case .lost(let error): reason = EndReason(error)
      }
      let policy = context.options.reconnect
      let isWorthTrying = wasOpen || policy.maximumAttempts > 0 && reason.isTransient
      guard isWorthTrying, let delay = schedule.next(using: &random) else {
        // If no attempt is wanted, the end of a live stream is just its end.
        return reason == .endOfStream && policy.maximumAttempts == 0
          ? reading.finish(.complete) : reading.finish(.failed, reason)
      }
      if wasOpen {
        reading.send(
          Gap(
            source: source.name, state: .lost, reason: reason, frame: reading.nextIndex,
            wall: Date(), attempt: schedule.attempts, retryIn: delay))
      }
      guard sleep(delay) else { return reading.finishStopped() }
    }
  }

  private struct Connection {
    var stop: SourceReading.Stop
    var isOpen = false
    /// Whether the stream has a known length, and so an end.
    var isFinite = false
    var hadFrames = false
    var seconds = 0.0
  }

  /// Opens a live source and reads it until it ends, fails, stalls or is stopped.
  private func readConnection(
    _ reading: inout SourceReading, _ schedule: ReconnectSchedule, wasOpen: Bool
  ) -> Connection {
    let cancellation = Cancellation()
    let before = reading.nextIndex
    return context.control.withStopAction({ cancellation.cancel() }) {
      let reader: any FrameSource
      do throws(MediaError) {
        reader = try reading.open(cancellation)
      } catch {
        return Connection(stop: context.control.isStopping ? .stopped : .lost(error))
      }
      if wasOpen {
        reading.noteReconnect()
        reading.send(
          Gap(
            source: reading.source.name, state: .restored, reason: nil, frame: reading.nextIndex,
            wall: Date(), attempt: schedule.attempts, retryIn: nil))
      } else {
        reading.sendStart(reader)
      }
      let opened = ContinuousClock.now
      let watch = StallWatch(timeout: context.options.stallTimeout, cancellation: cancellation)
      var stop = reading.read(reader) { watch.beat() }
      watch.end()
      if watch.hasStalled, case .lost = stop {
        stop = .lost(.stalled(reading.source, after: context.options.stallTimeout))
      }
      return Connection(
        stop: stop, isOpen: true, isFinite: reader.info.duration != nil,
        hadFrames: reading.nextIndex > before, seconds: opened.duration(to: .now).seconds)
    }
  }

  /// Waits for some seconds, and returns whether the run was not stopped meanwhile.
  private func sleep(_ seconds: Double) -> Bool {
    let woken = DispatchSemaphore(value: 0)
    return context.control.withStopAction({ woken.signal() }) {
      woken.wait(timeout: .now() + seconds) == .timedOut
    }
  }
}

extension EndReason {
  fileprivate static let endOfStream = EndReason(
    code: "end_of_stream", message: "The live source ended its stream.", isTransient: true)
}

extension MediaError {
  fileprivate static func stalled(_ source: MediaSource, after seconds: Double) -> MediaError {
    MediaError(
      "stalled", source: source.location,
      message: "No frame could be decoded for \(seconds) seconds, though the connection stands.",
      remedy: "Look at the camera, or give a longer --stall-timeout.", isTransient: true)
  }
}
