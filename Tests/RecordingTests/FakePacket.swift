import Foundation
import Support

@testable import Recording

/// A packet without data.
struct FakePacket: RecordedPacket, Equatable {
  var number: Int
  var isVideo = true
  var isKeyframe = false
  var byteCount = 1000
  var time: Double
  var arrival: Double
  var connection = 1
  var hasSound = false

  var wall: Date { Date(timeIntervalSince1970: 1_700_000_000 + arrival) }
  func fits(_ other: FakePacket) -> Bool { connection == other.connection }

  /// The packets of a camera with `rate` pictures a second and a keyframe each `group` of them.
  static func camera(
    seconds: Double, rate: Double = 10, group: Int = 20, from start: Double = 0,
    number: Int = 0, connection: Int = 1
  ) -> [FakePacket] {
    (0..<Int(seconds * rate)).map { index in
      FakePacket(
        number: number + index, isKeyframe: index % group == 0, time: Double(index) / rate,
        arrival: start + Double(index) / rate, connection: connection)
    }
  }
}

/// A disk that keeps segments in memory, and fails or hangs when told to.
final class FakeStorage: SegmentStorage {
  struct State {
    var segments: [[FakePacket]] = []
    /// Those that were ended without an error.
    var finished = 0
    var isFull = false
    var attempts = 0
  }

  let state = Locked(State())
  /// Taken while it writes.
  let gate = NSLock()

  var segments: [[FakePacket]] { state.withLock { $0.segments } }

  func begin(with first: FakePacket) throws(RecordingError) -> any OpenSegment<FakePacket> {
    let isFull = state.withLock {
      $0.attempts += 1
      return $0.isFull
    }
    if isFull { throw Self.full }
    state.withLock { $0.segments.append([]) }
    return Segment(storage: self)
  }

  func tidy() {}

  static let full = RecordingError(.noRoom, "disk", message: "It is full.", remedy: "Make room.")

  private final class Segment: OpenSegment {
    let storage: FakeStorage
    init(storage: FakeStorage) { self.storage = storage }

    func write(_ packet: FakePacket) throws(RecordingError) {
      storage.gate.lock()
      storage.gate.unlock()
      let isFull = storage.state.withLock { state in
        if !state.isFull { state.segments[state.segments.count - 1].append(packet) }
        return state.isFull
      }
      if isFull { throw FakeStorage.full }
    }

    func flush() {}
    func finish(before next: FakePacket?) { storage.state.withLock { $0.finished += 1 } }
    func abandon() {}
  }
}
