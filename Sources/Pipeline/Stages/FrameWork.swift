internal import SSDLite
internal import Geometry
internal import Media
internal import Support

/// The analysis of one frame: its tiles, shared out among workers, and what was found in them.
///
/// The worker that takes the frame from its lane takes part from the start; others join while there
/// is a tile that has not been begun. Each claims one tile after the other until none is left, then
/// leaves. No worker joins after that, so exactly one is the last to leave; it gets all detections,
/// which depend on the tiles alone and not on the workers that analysed them. No worker waits for
/// another.
final class FrameWork: QueueElement, Sendable {
  /// A tile for one worker to analyse.
  struct Claim {
    /// The frame with its picture.
    var frame: Frame
    /// The place of the tile in the layout.
    var index: Int
    var region: PixelRegion
  }

  /// What was found in one tile.
  struct Tile {
    /// The part of the frame that was analysed.
    var region: PixelRegion
    /// Boxes in fractions of the region.
    var detections: [Detection]
  }

  /// What became of the frame.
  struct Outcome {
    /// The frame with its audio, and with its picture if that was kept.
    var frame: Frame
    /// In the order of the layout; some are missing if the frame failed or was cancelled.
    var tiles: [Tile?]
    var failure: EndReason?
    var isCancelled: Bool
    /// Whether the frame was too old when a worker took it.
    var isOutdated = false
    /// The time of all tiles.
    var timings: StageTimings
  }

  private struct State {
    var outcome: Outcome
    /// The tile that is claimed next.
    var next = 0
    /// Tiles whose pixels still have to be read.
    var unread: Int
    var workers = 1

    func isOpen(of count: Int) -> Bool {
      next < count && outcome.failure == nil && !outcome.isCancelled && !outcome.isOutdated
    }
  }

  /// The bytes of the picture.
  let byteCount: Int
  private let layout: TileLayout
  private let keepsPicture: Bool
  private let longestAge: Double?
  private let state: Locked<State>

  /// Prepares the analysis of a frame; `keepsPicture` says whether its result carries the picture.
  ///
  /// A frame that arrived more than `longestAge` seconds before a worker takes it isn't analysed.
  init(_ frame: Frame, layout: TileLayout, keepsPicture: Bool, longestAge: Double? = nil) {
    self.longestAge = longestAge
    self.layout = layout
    self.keepsPicture = keepsPicture
    byteCount = frame.picture?.byteCount ?? 0
    let outcome = Outcome(
      frame: frame, tiles: Array(repeating: nil, count: layout.tiles.count), isCancelled: false,
      timings: StageTimings())
    state = Locked(State(outcome: outcome, unread: layout.tiles.count))
  }

  /// True for frames that are analysed in tiles.
  var isShareable: Bool { layout.tiles.count > 1 }

  /// Takes over the audio of a frame that was dropped directly before this one.
  func absorb(_ dropped: FrameWork) -> Bool {
    let audio = dropped.state.withLock { $0.outcome.frame.audio }
    if !audio.isEmpty {
      state.withLock { $0.outcome.frame.audio = boundedAudio(audio + $0.outcome.frame.audio) }
    }
    return true
  }

  /// Lets one more worker take part; false once every tile has been begun.
  func join() -> Bool {
    state.withLock { state in
      guard state.isOpen(of: layout.tiles.count) else { return false }
      state.workers += 1
      return true
    }
  }

  /// The next tile to analyse, or `nil` if none is left.
  ///
  /// `isCancelled` cancels the rest of the frame.
  func claim(isCancelled: Bool) -> Claim? {
    state.withLock { state in
      guard state.isOpen(of: layout.tiles.count) else { return nil }
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
        frame: state.outcome.frame, index: state.next, region: layout.tiles[state.next])
    }
  }

  /// Notes that the pixels of one tile have been read.
  ///
  /// After the last one the decoder gets its buffer back, unless the result carries the picture.
  func noteRead() {
    state.withLock { state in
      state.unread -= 1
      if state.unread == 0, !keepsPicture { state.outcome.frame.picture = nil }
    }
  }

  /// Notes what was found in a tile, and the time that it took.
  func finish(_ index: Int, _ tile: Tile, _ timings: StageTimings) {
    state.withLock { state in
      state.outcome.tiles[index] = tile
      state.outcome.timings.add(timings)
    }
  }

  /// Marks the frame as failed because one of its tiles could not be analysed.
  func fail(_ reason: EndReason) {
    state.withLock { $0.outcome.failure = $0.outcome.failure ?? reason }
  }

  /// Ends a worker's part once no tile is left for it; the last one to leave gets the outcome.
  func leave() -> Outcome? {
    state.withLock { state in
      state.workers -= 1
      guard state.workers == 0 else { return nil }
      let outcome = state.outcome
      // The queue keeps the work a little longer; the memory it holds must not stay with it.
      state.outcome.tiles = []
      state.outcome.frame.picture = nil
      state.outcome.frame.audio = []
      return outcome
    }
  }
}
