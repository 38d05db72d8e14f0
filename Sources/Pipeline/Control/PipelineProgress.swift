internal import Media
internal import Support

/// The progress of a run.
public struct PipelineProgress: Sendable {
  /// The source of the latest result.
  public var source: String?
  /// Sources that have ended.
  public var sourcesDone = 0
  /// All sources of the run.
  public var sourcesTotal = 0
  /// Analysed frames of all sources.
  public var frames = 0
  /// Detections in these frames.
  public var objects = 0
  /// Seconds since the run started.
  public var elapsed = 0.0
  /// Analysed frames per second, over the last few seconds.
  public var framesPerSecond = 0.0
  /// The longest time from the capture of a live source's frame to its result, in seconds, over the
  /// last few seconds; `nil` without such a frame.
  public var lag: Double?
  /// Frames of the current source so far, including those left out.
  public var sourceFrames = 0
  /// How many frames the current source has, according to its container.
  public var estimatedSourceFrames: Int?
  /// How much of the current source is done, 0 to 1, by presentation time.
  public var fraction: Double?
}

/// Counts results for `PipelineControl.progress`.
final class ProgressMeter: Sendable {
  private struct State {
    var progress = PipelineProgress()
    var began: ContinuousClock.Instant?
    /// The end of the current source in seconds of presentation time.
    var stops: [String: (frames: Int?, seconds: Double?)] = [:]
    var rate = ResultRate(now: 0)
    var lag = RecentMaximum()
    /// Live sources that are lost at present.
    var lost: Set<String> = []

    var elapsed: Double { began.map { $0.duration(to: .now).seconds } ?? 0 }

    /// Whether every source that goes on is a lost one.
    var isOut: Bool {
      !lost.isEmpty && lost.count >= progress.sourcesTotal - progress.sourcesDone
    }

    mutating func show(_ source: String, frames: Int, t: Double?) {
      progress.source = source
      progress.sourceFrames = frames
      progress.estimatedSourceFrames = stops[source]?.frames
      progress.fraction = stops[source]?.seconds.flatMap { seconds in
        seconds > 0 ? min((t ?? 0) / seconds, 1) : nil
      }
    }
  }

  private let state = Locked(State())

  func begin(sources: Int) {
    state.withLock { state in
      state.progress.sourcesTotal = sources
      state.began = .now
    }
  }

  func started(_ start: SourceStart, selection: FrameSelection) {
    let seconds = start.info.duration.map { min($0, selection.stop) }
    state.withLock { state in
      state.stops[start.source] = (start.info.frameCountEstimate, seconds)
      state.show(start.source, frames: 0, t: nil)
    }
  }

  func finished(_ result: FrameResult) {
    state.withLock { state in
      state.progress.frames += 1
      state.progress.objects += result.detections.count
      state.show(result.source, frames: result.index + 1, t: result.t)
      state.rate.add(now: state.elapsed)
      if let lag = result.lag { state.lag.add(lag, now: state.elapsed) }
    }
  }

  func ended(_ source: String) {
    state.withLock { state in
      state.progress.sourcesDone += 1
      state.stops[source] = nil
      state.lost.remove(source)
    }
  }

  /// Notes that a source was left out of the run.
  func leftOut() { state.withLock { $0.progress.sourcesTotal -= 1 } }

  /// Notes that a live source was lost or restored.
  func changed(_ gap: Gap) {
    state.withLock { state in
      let wasOut = state.isOut
      switch gap.state {
      case .lost: state.lost.insert(gap.source)
      case .restored: state.lost.remove(gap.source)
      }
      if wasOut, !state.isOut { state.rate.restart(now: state.elapsed) }
    }
  }

  func progress() -> PipelineProgress {
    state.withLock { state in
      var progress = state.progress
      progress.elapsed = state.elapsed
      progress.framesPerSecond = state.isOut ? 0 : state.rate.perSecond(now: state.elapsed)
      progress.lag = state.lag.value(now: state.elapsed)
      return progress
    }
  }
}
