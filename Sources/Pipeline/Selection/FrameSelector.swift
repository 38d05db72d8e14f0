package import Media

/// Applies a `FrameSelection` to one source, frame by frame.
package struct FrameSelector: Sendable {
  package enum Decision: Hashable, Sendable {
    case take
    case skip
    /// Neither this frame nor a later one is wanted.
    case end
  }

  /// How many seconds too early a frame may be and still count as due: some containers (Matroska,
  /// FLV) round time stamps to milliseconds, including the first frame's.
  private static let tolerance = 0.001

  private let selection: FrameSelection
  private var inRange = 0
  private var taken = 0
  /// The next frame is due `steps` intervals after `anchor`.
  private var anchor: Double?
  private var steps = 0.0

  package init(_ selection: FrameSelection) {
    self.selection = selection
  }

  /// Whether no frame has been taken.
  package var isEmpty: Bool { taken == 0 }

  /// Frames that were taken but dropped by a queue: the limit counts those that are analysed.
  package mutating func giveBack(_ count: Int) { taken -= count }

  /// Whether the limit has been reached, so that no further frame need be read.
  package var isExhausted: Bool { taken >= selection.limit ?? .max }

  /// Decides about the next frame.
  package mutating func decide(t: Double, isKeyframe: Bool) -> Decision {
    guard !isExhausted, t < selection.stop else { return .end }
    guard t >= selection.start ?? -.infinity else { return .skip }
    let isTaken =
      switch selection.rate {
      case .all: true
      case .stride(let stride): inRange % max(stride, 1) == 0
      case .every(let seconds): isDue(t, interval: seconds)
      case .keyframes: isKeyframe
      }
    inRange += 1
    if isTaken { taken += 1 }
    return isTaken ? .take : .skip
  }

  /// Keeps the average rate if frames are a little late, and starts anew after an interval without
  /// any, so that no burst follows a gap.
  private mutating func isDue(_ t: Double, interval: Double) -> Bool {
    guard let anchor, interval > 0 else {
      self.anchor = t
      steps = 1
      return true
    }
    let due = anchor + steps * interval
    guard t >= due - Self.tolerance else { return false }
    if t - due < interval {
      steps += 1
    } else {
      self.anchor = t
      steps = 1
    }
    return true
  }
}

extension FrameSelector: FrameChooser {
  package mutating func choose(t: Double) -> FrameChoice {
    switch decide(t: t, isKeyframe: false) {
    case .take: .take
    case .skip: .skip
    case .end: .end
    }
  }

  package var earliest: Double {
    guard case .every(let interval) = selection.rate, let anchor, interval > 0 else {
      return selection.start ?? -.infinity
    }
    return anchor + steps * interval - Self.tolerance
  }

  /// Whether what isn't taken may be told before it is decoded, and is worth it.
  package var isSparse: Bool {
    switch selection.rate {
    case .keyframes: false
    case .all: (selection.start ?? 0) > 0
    case .stride(let stride): stride > 1 || (selection.start ?? 0) > 0
    case .every: true
    }
  }

  /// Notes a frame that was chosen by a copy of this.
  package mutating func accept() { taken += 1 }
}
