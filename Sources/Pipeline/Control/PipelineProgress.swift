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
    /// Where the measuring of the rate began.
    var windowStart: (time: ContinuousClock.Instant, frames: Int)?
    var windowRate: Double?

    mutating func show(_ source: String, frames: Int, t: Double?) {
      progress.source = source
      progress.sourceFrames = frames
      progress.estimatedSourceFrames = stops[source]?.frames
      progress.fraction = stops[source]?.seconds.flatMap { seconds in
        seconds > 0 ? min((t ?? 0) / seconds, 1) : nil
      }
    }
  }

  /// Over how many seconds the rate is measured.
  private static let window = 3.0

  private let state = Locked(State())

  func begin(sources: Int) {
    state.withLock { state in
      let now = ContinuousClock.now
      state.progress.sourcesTotal = sources
      state.began = now
      state.windowStart = (now, 0)
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
      guard let start = state.windowStart else { return }
      let now = ContinuousClock.now
      let seconds = start.time.duration(to: now).seconds
      guard seconds >= Self.window else { return }
      state.windowRate = Double(state.progress.frames - start.frames) / seconds
      state.windowStart = (now, state.progress.frames)
    }
  }

  func ended(_ source: String) {
    state.withLock { state in
      state.progress.sourcesDone += 1
      state.stops[source] = nil
    }
  }

  func progress() -> PipelineProgress {
    state.withLock { state in
      var progress = state.progress
      let elapsed = state.began.map { $0.duration(to: .now).seconds } ?? 0
      progress.elapsed = elapsed
      progress.framesPerSecond =
        state.windowRate ?? (elapsed > 0 ? Double(progress.frames) / elapsed : 0)
      return progress
    }
  }
}
