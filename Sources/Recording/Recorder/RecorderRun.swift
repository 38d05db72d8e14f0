import Logging
import Media

/// What a recorder has done.
package struct RecordingCounts: Hashable, Sendable {
  /// Video packets that were written.
  package var written = 0
  /// Video packets that were wanted, and are missing: the disk was full, failed or was too slow.
  package var leftOut = 0
  /// Segments that were begun.
  package var segments = 0
  /// Whether recording pauses, because writing failed.
  package var isPaused = false
}

/// The work of the thread that writes one camera's segments.
final class RecorderRun<Packet: RecordedPacket>: @unchecked Sendable {
  // Sendable because only the recorder's own thread uses it.
  private(set) var counts = RecordingCounts()
  private let name: String
  private let storage: any SegmentStorage<Packet>
  private let logger: Logger
  private let retryDelay: Double
  private var segment: (any OpenSegment<Packet>)?
  private var cut = SegmentCut<Packet>()
  private var order = Interleaver<(Packet, isAfterGap: Bool)>(tracks: 1)
  private var last: Packet?
  /// When the last packet was written, and when tidying was last done, in seconds of
  /// `RecorderClock`.
  private var lastWrite = RecorderClock.now
  private var lastTidy = -Double.infinity
  /// When a paused recording is tried again, and since how many left out packets it pauses.
  ///
  /// It lasts until a segment is whole, so that a disk that has room for a few seconds now and then
  /// isn't told of each time.
  private var pause: (until: Double, leftOut: Int)?

  /// Seconds without a packet after which the segment is ended: the camera is lost.
  private static var longestSilence: Double { 10 }
  /// Seconds that packets wait for those of the other track.
  private static var longestWait: Double { 1 }

  init(
    _ name: String, _ storage: any SegmentStorage<Packet>, retryDelay: Double, _ logger: Logger
  ) {
    self.name = name
    self.storage = storage
    self.retryDelay = retryDelay
    self.logger = logger
  }

  /// Writes what has come.
  func write(_ items: [WriteBacklog<Packet>.Item]) {
    for item in items {
      switch item {
      case .packet(let packet, let isAfterGap): add(packet, isAfterGap)
      case .end: endSegment()
      }
    }
  }

  /// Puts a packet in the order of the tracks, so that sound goes into the segment of its pictures.
  private func add(_ packet: Packet, _ isAfterGap: Bool) {
    if isAfterGap || last.map({ !packet.fits($0) }) ?? true {
      for (packet, isAfterGap) in order.finish() { put(packet, isAfterGap) }
      order = Interleaver(tracks: packet.hasSound ? 2 : 1, longest: Self.longestWait)
    }
    last = packet
    let ready = order.add(
      (packet, isAfterGap), track: packet.isVideo ? 0 : 1, time: packet.time,
      byteCount: packet.byteCount)
    for (packet, isAfterGap) in ready { put(packet, isAfterGap) }
  }

  private func put(_ packet: Packet, _ isAfterGap: Bool) {
    lastWrite = RecorderClock.now
    if let pause, segment == nil {
      guard packet.isKeyframe, lastWrite >= pause.until else { return leaveOut(packet) }
    }
    let step = cut.step(for: packet, isAfterGap: isAfterGap)
    do throws(RecordingError) {
      switch step {
      case .write: try segment?.write(packet)
      case .begin:
        try finishSegment(before: isAfterGap ? nil : packet)
        let next = try storage.begin(with: packet)
        segment = next
        counts.segments += 1
        try next.write(packet)
      case .leaveOut: return leaveOut(packet)
      case .end:
        try finishSegment(before: nil)
        return leaveOut(packet)
      }
    } catch {
      fail(error)
      return leaveOut(packet)
    }
    if packet.isVideo { counts.written += 1 }
    counts.isPaused = false
  }

  private func leaveOut(_ packet: Packet) {
    if packet.isVideo { counts.leftOut += 1 }
  }

  private func finishSegment(before next: Packet?) throws(RecordingError) {
    guard let ending = segment else { return }
    segment = nil
    try ending.finish(before: next)
    noteRecovery()
  }

  private func endSegment() {
    for (packet, isAfterGap) in order.finish() { put(packet, isAfterGap) }
    last = nil
    cut.reset()
    do throws(RecordingError) { try finishSegment(before: nil) } catch { fail(error) }
  }

  private func fail(_ error: RecordingError) {
    segment?.abandon()
    segment = nil
    cut.reset()
    if pause == nil {
      logger.error(
        "recording pauses: \(error.message) \(error.remedy)", metadata: ["camera": "\(name)"])
    }
    pause = (RecorderClock.now + retryDelay, pause?.leftOut ?? counts.leftOut)
    counts.isPaused = true
  }

  private func noteRecovery() {
    guard let pause else { return }
    self.pause = nil
    logger.notice(
      "recording goes on again; \(counts.leftOut - pause.leftOut) pictures are missing",
      metadata: ["camera": "\(name)"])
  }

  /// Makes what was written readable.
  func flush() {
    for (packet, isAfterGap) in order.finish() { put(packet, isAfterGap) }
    do throws(RecordingError) { try segment?.flush() } catch { fail(error) }
  }

  /// Does what is due without a packet.
  func tidy() {
    let now = RecorderClock.now
    if segment != nil, now - lastWrite > Self.longestSilence { endSegment() }
    guard now - lastTidy > 60 else { return }
    lastTidy = now
    storage.tidy()
  }

  /// Ends the recording.
  func finish() { endSegment() }
}
