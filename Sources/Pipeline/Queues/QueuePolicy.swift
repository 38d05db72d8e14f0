/// What a full queue does with one more element.
public enum QueuePolicy: String, CaseIterable, Hashable, Sendable {
  /// The producer waits: nothing is lost, and the back-pressure reaches the demuxer.
  case block
  /// Only the newest element waits: what waited before it is dropped, full or not.
  case latest
  /// The element that has waited longest is dropped.
  case dropOldest = "drop-oldest"
}

/// What may wait in a queue.
package protocol QueueElement {
  /// Whether a policy may drop it; what ends or starts something must arrive.
  var isDroppable: Bool { get }

  /// Takes over from an element that was dropped directly before it what must not be lost.
  mutating func absorb(_ dropped: Self)

  /// Whether several consumers can work on it at the same time.
  var isShareable: Bool { get }

  /// Lets one more consumer take part in the work on it; false where nothing is left to begin with,
  /// and from then on.
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
