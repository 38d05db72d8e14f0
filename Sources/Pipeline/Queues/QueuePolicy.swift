/// What a full queue does with one more element.
public enum QueuePolicy: String, CaseIterable, Hashable, Sendable {
  /// The producer waits: nothing is lost, and the back-pressure reaches the demuxer.
  case block
  /// Only the newest element waits: those that waited before it are dropped, even if there is room.
  case latest
  /// The element that has waited longest is dropped.
  case dropOldest = "drop-oldest"
}

/// What may wait in a queue.
package protocol QueueElement {
  /// Whether a policy may drop it; the start and the end of something must arrive.
  var isDroppable: Bool { get }

  /// Takes over the parts of the element dropped directly before this one that must not be lost.
  mutating func absorb(_ dropped: Self)

  /// Whether several consumers can work on it at the same time.
  var isShareable: Bool { get }

  /// Lets one more consumer take part in the work on it; false once no part is left to begin.
  ///
  /// Called under the lock of the queue.
  func join() -> Bool
}

extension QueueElement {
  package var isDroppable: Bool { true }
  package mutating func absorb(_ dropped: Self) {}
  package var isShareable: Bool { false }
  package func join() -> Bool { false }
}
