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

  /// How many bytes of pictures and packets it holds.
  var byteCount: Int { get }

  /// Takes over the parts of an earlier element, which was dropped, that must not be lost.
  ///
  /// False if they don't belong here (they are another source's); the next element is asked then.
  mutating func absorb(_ dropped: Self) -> Bool

  /// Those parts alone, for an element that comes later; `nil` if there are none.
  var remains: Self? { get }

  /// Whether several consumers can work on it at the same time.
  var isShareable: Bool { get }

  /// Lets one more consumer take part in the work on it; false once no part is left to begin.
  ///
  /// Called under the lock of the queue.
  func join() -> Bool
}

extension QueueElement {
  package var isDroppable: Bool { true }
  package var byteCount: Int { 0 }
  package mutating func absorb(_ dropped: Self) -> Bool { true }
  package var remains: Self? { nil }
  package var isShareable: Bool { false }
  package func join() -> Bool { false }
}
