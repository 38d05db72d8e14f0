internal import Foundation
internal import Media

/// Reads the sources of one lane, on a thread of its own, and ends each with a record.
struct DecodeStage: Sendable {
  let plan: LanePlan
  let lane: Int
  let context: RunContext
  /// The sources of the lane of files.
  let backlog: LaneBacklog
  /// Starts further work of this stage on a thread of its own; `false` if there is none.
  let start: @Sendable (@escaping @Sendable () -> Void) -> Bool

  /// Reads until every source has ended.
  func run() {
    if plan.isLive {
      for source in plan.sources { readLive(source) }
    } else {
      while let entry = backlog.next() { readFile(entry) }
    }
  }

  private func readFile(_ entry: LaneBacklog.Entry) {
    var reading = SourceReading(entry.source, lane: lane, context: context)
    let control = context.control
    guard !control.isStopping else { return reading.finishStopped() }
    guard context.options.admits?(entry.source.name) ?? true else { return control.meter.leftOut() }
    let cancellation = Cancellation()
    let limit = context.options.sourceTimeout.map {
      StallWatch(timeout: $0, cancellation: cancellation)
    }
    defer { limit?.end() }
    let stop: SourceReading.Stop?
    do {
      stop = try control.withStopAction({ cancellation.cancel() }) {
        () throws(MediaError) -> SourceReading.Stop? in
        let reader = try reading.open(cancellation)
        let opened = OpenedSource(reader, cancellation)
        if opened.isLive, !context.options.allowsLive {
          reading.finish(.failed, .offlineTracking)
          return nil
        }
        if passOn(entry, opened) { return nil }
        startScout()
        reading.sendStart(reader)
        return reading.read(reader)
      }
    } catch {
      if control.isStopping { return reading.finishStopped() }
      return reading.finish(.failed, timeout(limit) ?? EndReason(error))
    }
    switch stop {
    case nil:
      // It is live: another stage reads it, or it has ended.
      break
    case .endOfStream(nil):
      reading.finishComplete()
    case .endOfStream(let shortfall?):
      reading.finish(shortfall)
    case .selected:
      reading.finishSelected()
    case .stopped:
      reading.finishStopped()
    case .lost(let error):
      let reason = timeout(limit)
      reading.finish(
        reading.nextIndex > 0 && reason == nil ? .truncated : .failed, reason ?? EndReason(error))
    }
  }

  /// The reason for the end of a file that was read for too long, if it was.
  private func timeout(_ limit: StallWatch?) -> EndReason? {
    guard let limit, limit.hasStalled, let seconds = context.options.sourceTimeout else {
      return nil
    }
    return .sourceTimeout(seconds)
  }

  /// Reads a live source, and opens it again as the policy says.
  ///
  /// A source that was never open is tried again like one that was lost, but not after an error
  /// that no waiting mends (a misspelt option, say).
  ///
  /// `opened` is the first connection, if it was opened to find out that the source is live.
  func readLive(_ source: MediaSource, opened: OpenedSource? = nil) {
    var opened = opened
    var reading = SourceReading(source, lane: lane, context: context)
    var schedule = ReconnectSchedule(context.options.reconnect)
    var random = SystemRandomNumberGenerator()
    var wasOpen = false
    while true {
      let connection = readConnection(&reading, schedule, wasOpen: wasOpen, opened: opened)
      opened = nil
      wasOpen = wasOpen || connection.isOpen
      if connection.hadFrames { schedule.connectionLasted(connection.seconds) }
      let reason: EndReason
      switch connection.stop {
      case .selected: return reading.finishSelected()
      case .stopped: return reading.finishStopped()
      case .endOfStream(let shortfall) where connection.isFinite:
        return shortfall.map { reading.finish($0) } ?? reading.finishComplete()
      case .endOfStream: reason = .endOfStream
      case .lost(let error): reason = EndReason(error)
      }
      let policy = context.options.reconnect
      guard !reason.isFinal, wasOpen || !reason.isHopeless,
        let delay = schedule.next(using: &random)
      else {
        // If no attempt is wanted, the end of a live stream is just its end.
        return reason == .endOfStream && policy.maximumAttempts == 0
          ? reading.finish(.complete) : reading.finish(.failed, reason)
      }
      reading.send(
        Gap(
          source: source.name, state: .lost, reason: reason, frame: reading.nextIndex,
          wall: Date(), attempt: schedule.attempts, retryIn: delay))
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
    _ reading: inout SourceReading, _ schedule: ReconnectSchedule, wasOpen: Bool,
    opened: OpenedSource?
  ) -> Connection {
    let cancellation = opened?.cancellation ?? Cancellation()
    let before = reading.nextIndex
    return context.control.withStopAction({ cancellation.cancel() }) {
      let reader: any FrameSource
      do throws(MediaError) {
        // Not with `??`, whose errors are untyped.
        if let known = opened?.take() {
          reader = known
        } else {
          reader = try reading.connect(cancellation, again: schedule.attempts > 0)
        }
      } catch {
        return Connection(stop: context.control.isStopping ? .stopped : .lost(error))
      }
      if wasOpen {
        reading.noteReconnect()
      } else {
        reading.sendStart(reader)
      }
      if schedule.attempts > 0 {
        reading.send(
          Gap(
            source: reading.source.name, state: .restored, reason: nil, frame: reading.nextIndex,
            wall: Date(), attempt: schedule.attempts, retryIn: nil))
      }
      let began = ContinuousClock.now
      let watch = StallWatch(timeout: context.options.stallTimeout, cancellation: cancellation)
      var stop = reading.read(reader) { watch.beat() }
      watch.end()
      if watch.hasStalled, case .lost = stop {
        stop = .lost(.stalled(reading.source, after: context.options.stallTimeout))
      }
      return Connection(
        stop: stop, isOpen: true,
        isFinite: reader.info.duration != nil || reader.info.kind == .image || reader.mayBeFile
          || reading.source.location == "-",
        hadFrames: reading.nextIndex > before, seconds: began.duration(to: .now).seconds)
    }
  }
}

extension EndReason {
  /// Errors that waiting for a camera doesn't mend.
  ///
  /// A stream that isn't found may be announced later, and a server that starts may answer with
  /// nonsense; but a wrong password that is tried again and again locks an account.
  private static let hopeless: Set<MediaError.Code> = [
    .unknownOption, .unsupportedProtocol, .unsupportedCodec, .deviceLibraryMissing, .unauthorized,
    .permission, .areaOutside,
  ]

  fileprivate var isHopeless: Bool {
    !isTransient && Self.hopeless.contains(MediaError.Code(rawValue: code))
  }

  /// Whether a source that was open isn't opened again: its first frame, whose size counts, would
  /// be the same.
  fileprivate var isFinal: Bool { code == MediaError.Code.zone.rawValue }

  fileprivate static func sourceTimeout(_ seconds: Double) -> EndReason {
    EndReason(
      code: "source_timeout", message: "It was not read to its end within \(seconds) s.",
      remedy: "Give a longer --source-timeout, and --retry-failed.", isTransient: false)
  }

  fileprivate static let endOfStream = EndReason(
    code: "end_of_stream", message: "The live source ended its stream.", isTransient: true)
}

extension MediaError {
  fileprivate static func stalled(_ source: MediaSource, after seconds: Double) -> MediaError {
    MediaError(
      "stalled", source: source.location,
      message: "No frame could be decoded for \(seconds) seconds, though the connection stands.",
      remedy: "Check the camera, or give a longer --stall-timeout.", isTransient: true)
  }
}
