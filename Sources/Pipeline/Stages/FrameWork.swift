internal import SSDLite
internal import Geometry
internal import Support

/// One frame in work: its views, shared out among the workers that take part, and what they found.
///
/// The worker that takes the frame from its lane takes part from the start; others join while there is
/// a view that nobody has begun. Each claims one view after the other until none is left, and leaves.
/// As nobody joins any more then, exactly one worker is the last to leave, and gets all that was
/// found: it depends on the views alone, not on who looked at which. No worker waits for another.
final class FrameWork: Sendable {
  /// A view for one worker to look at.
  struct Claim {
    /// The frame with its picture.
    var frame: DecodedFrame
    /// The place of the view in `views`.
    var index: Int
    var region: PixelRegion
  }

  /// What became of one view.
  struct View {
    /// The part of the frame that was looked at.
    var region: PixelRegion
    /// Boxes in fractions of the region.
    var detections: [Detection]
  }

  /// What became of the frame.
  struct Outcome {
    /// The frame with its audio, and with its picture where that was kept.
    var frame: DecodedFrame
    /// In the order of the layout; some are missing where the frame failed or was given up.
    var views: [View?]
    var failure: EndReason?
    var isGivenUp: Bool
    /// The time of all views.
    var timings: StageTimings
  }

  private struct State {
    var outcome: Outcome
    /// The view that is claimed next.
    var next = 0
    /// Views whose pixels somebody still has to read.
    var unread: Int
    var workers = 1

    func isOpen(of count: Int) -> Bool {
      next < count && outcome.failure == nil && !outcome.isGivenUp
    }
  }

  private let layout: TileLayout
  private let keepsPicture: Bool
  private let state: Locked<State>

  /// Makes the work on a frame; `keepsPicture` says whether its result carries the picture.
  init(_ frame: DecodedFrame, layout: TileLayout, keepsPicture: Bool) {
    self.layout = layout
    self.keepsPicture = keepsPicture
    let outcome = Outcome(
      frame: frame, views: Array(repeating: nil, count: layout.views.count), isGivenUp: false,
      timings: StageTimings())
    state = Locked(State(outcome: outcome, unread: layout.views.count))
  }

  /// Whether there is more than one view.
  var isShareable: Bool { layout.views.count > 1 }

  /// Takes over the audio of a frame that was dropped directly before this one.
  func absorb(_ dropped: FrameWork) {
    let audio = dropped.state.withLock { $0.outcome.frame.audio }
    if !audio.isEmpty { state.withLock { $0.outcome.frame.audio = audio + $0.outcome.frame.audio } }
  }

  /// Lets one more worker take part; false where every view has been begun.
  func join() -> Bool {
    state.withLock { state in
      guard state.isOpen(of: layout.views.count) else { return false }
      state.workers += 1
      return true
    }
  }

  /// Gives out the next view, or `nil` where none is left.
  ///
  /// With `isCancelled` the rest is given up.
  func claim(isCancelled: Bool) -> Claim? {
    state.withLock { state in
      guard state.isOpen(of: layout.views.count) else { return nil }
      guard !isCancelled else {
        state.outcome.isGivenUp = true
        return nil
      }
      defer { state.next += 1 }
      return Claim(
        frame: state.outcome.frame, index: state.next, region: layout.views[state.next])
    }
  }

  /// Notes that the pixels of one view have been read.
  ///
  /// After the last the decoder gets its buffer back, unless the result carries the picture.
  func noteRead() {
    state.withLock { state in
      state.unread -= 1
      if state.unread == 0, !keepsPicture { state.outcome.frame.picture = nil }
    }
  }

  /// Notes what was found in a view, and the time that it took.
  func finish(_ index: Int, _ view: View, _ timings: StageTimings) {
    state.withLock { state in
      state.outcome.views[index] = view
      state.outcome.timings.add(timings)
    }
  }

  /// Notes that a view cannot be looked at, and so the frame cannot.
  func fail(_ reason: EndReason) {
    state.withLock { $0.outcome.failure = $0.outcome.failure ?? reason }
  }

  /// Ends a worker's part after it was refused a view; the last one to leave gets the outcome.
  func leave() -> Outcome? {
    state.withLock { state in
      state.workers -= 1
      guard state.workers == 0 else { return nil }
      let outcome = state.outcome
      // The lanes remember the work a little longer.
      state.outcome.views = []
      state.outcome.frame.picture = nil
      state.outcome.frame.audio = []
      return outcome
    }
  }
}
