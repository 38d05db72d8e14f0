internal import SSDLite
internal import Geometry
internal import Media
internal import Pictures
internal import Support

/// The analysis of one frame: its views, shared out among workers, and what was found in them.
///
/// The worker that takes the frame from its lane takes part from the start; others join while there
/// is a view that has not been begun. Each claims one view after the other until none is left, then
/// leaves. No worker joins after that, so exactly one is the last to leave; it gets all detections,
/// which depend on the views alone and not on the workers that analysed them. No worker waits for
/// another.
final class FrameWork: QueueElement, Sendable {
  /// A view for one worker to analyse.
  struct Claim {
    /// The frame with its picture.
    var frame: Frame
    /// The place of the view among those of the frame.
    var index: Int
    var view: FrameView
  }

  /// What was found in one view.
  struct Found {
    /// The part of the frame that was analysed.
    var region: PixelRegion
    /// Boxes in fractions of the region.
    var detections: [Detection]
    /// The class of each pixel of the frame.
    var pixelClasses: PixelClasses?
    /// The luma of the frame, if the region is all of it.
    var luma: LumaImage?
  }

  /// What became of the frame.
  struct Outcome {
    /// The frame with its audio, and with its picture if that was kept.
    var frame: Frame
    /// In the order of the views; some are missing if the frame failed or was cancelled.
    var found: [Found?]
    var failure: EndReason?
    var isCancelled: Bool
    /// Whether the frame was too old when a worker took it.
    var isOutdated = false
    /// The time of all views.
    var timings: StageTimings
  }

  private struct State {
    var outcome: Outcome
    /// The view that is claimed next.
    var next = 0
    /// Views whose pixels still have to be read.
    var unread: Int
    var workers = 1

    func isOpen(of count: Int) -> Bool {
      next < count && outcome.failure == nil && !outcome.isCancelled && !outcome.isOutdated
    }
  }

  /// The bytes of the picture.
  let byteCount: Int
  private let views: [FrameView]
  private let keepsPicture: Bool
  private let longestAge: Double?
  private let state: Locked<State>

  /// Prepares the analysis of a frame; `keepsPicture` says whether its result carries the picture.
  ///
  /// A frame that arrived more than `longestAge` seconds before a worker takes it isn't analysed.
  init(_ frame: Frame, views: [FrameView], keepsPicture: Bool, longestAge: Double? = nil) {
    self.longestAge = longestAge
    self.views = views
    self.keepsPicture = keepsPicture
    byteCount = frame.picture?.byteCount ?? 0
    let outcome = Outcome(
      frame: frame, found: Array(repeating: nil, count: views.count), isCancelled: false,
      timings: StageTimings())
    state = Locked(State(outcome: outcome, unread: views.count))
  }

  /// True for frames that several workers can share.
  var isShareable: Bool { views.count > 1 }

  /// Takes over the audio of a frame that was dropped directly before this one.
  func absorb(_ dropped: FrameWork) -> Bool {
    let audio = dropped.state.withLock { $0.outcome.frame.audio }
    if !audio.isEmpty {
      state.withLock { $0.outcome.frame.audio = boundedAudio(audio + $0.outcome.frame.audio) }
    }
    return true
  }

  /// Lets one more worker take part; false once every view has been begun.
  func join() -> Bool {
    state.withLock { state in
      guard state.isOpen(of: views.count) else { return false }
      state.workers += 1
      return true
    }
  }

  /// The next view to analyse, or `nil` if none is left.
  ///
  /// `isCancelled` cancels the rest of the frame.
  func claim(isCancelled: Bool) -> Claim? {
    state.withLock { state in
      guard state.isOpen(of: views.count) else { return nil }
      guard !isCancelled else {
        state.outcome.isCancelled = true
        return nil
      }
      if state.next == 0, let longestAge, let capture = state.outcome.frame.capture,
        capture.age() > longestAge
      {
        state.outcome.isOutdated = true
        return nil
      }
      defer { state.next += 1 }
      return Claim(
        frame: state.outcome.frame, index: state.next, view: views[state.next])
    }
  }

  /// Notes that the pixels of one view have been read.
  ///
  /// After the last one the decoder gets its buffer back, unless the result carries the picture.
  func noteRead() {
    state.withLock { state in
      state.unread -= 1
      if state.unread == 0, !keepsPicture { state.outcome.frame.picture = nil }
    }
  }

  /// Notes what was found in a view, and the time that it took.
  func finish(_ index: Int, _ found: Found, _ timings: StageTimings) {
    state.withLock { state in
      state.outcome.found[index] = found
      state.outcome.timings.add(timings)
    }
  }

  /// Marks the frame as failed because one of its views could not be analysed.
  func fail(_ reason: EndReason) {
    state.withLock { $0.outcome.failure = $0.outcome.failure ?? reason }
  }

  /// Ends a worker's part once no view is left for it; the last one to leave gets the outcome.
  func leave() -> Outcome? {
    state.withLock { state in
      state.workers -= 1
      guard state.workers == 0 else { return nil }
      let outcome = state.outcome
      // The queue keeps the work a little longer; the memory it holds must not stay with it.
      state.outcome.found = []
      state.outcome.frame.picture = nil
      state.outcome.frame.audio = []
      return outcome
    }
  }
}
