/// Says which frames of a source are wanted.
///
/// It is asked once about each frame, in order of presentation, before the frame is decoded.
package protocol FrameChooser: Sendable {
  /// Decides about the next frame, at `t` seconds from the first.
  mutating func choose(t: Double) -> FrameChoice
  /// No frame before this time will be wanted, in seconds from the first.
  var earliest: Double { get }
}

/// What becomes of a frame.
package enum FrameChoice: Hashable, Sendable {
  /// It is wanted.
  case take
  /// It isn't, but a later one may be.
  case skip
  /// Neither it nor a later one is.
  case end
}
