/// Where segments are kept.
package protocol SegmentStorage<Packet>: Sendable {
  /// What segments consist of.
  associatedtype Packet: RecordedPacket

  /// Begins a segment with `first`, which is to be written next.
  ///
  /// - Throws: `RecordingError` if the disk is full or fails.
  func begin(with first: Packet) throws(RecordingError) -> any OpenSegment<Packet>

  /// Does what is due from time to time; called about once a minute.
  func tidy()
}

/// A segment that is being written; used on one thread.
package protocol OpenSegment<Packet>: AnyObject {
  /// What it consists of.
  associatedtype Packet: RecordedPacket

  /// Writes the next packet.
  ///
  /// - Throws: `RecordingError`; then nothing more can be written.
  func write(_ packet: Packet) throws(RecordingError)

  /// Makes what was written readable.
  ///
  /// - Throws: `RecordingError`; then nothing more can be written.
  func flush() throws(RecordingError)

  /// Ends it; `next` begins the next segment without a gap.
  ///
  /// - Throws: `RecordingError` if what was written last is lost.
  func finish(before next: Packet?) throws(RecordingError)

  /// Ends it after a failure; what can be read of it stays.
  func abandon()
}
