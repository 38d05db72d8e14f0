import Foundation
import Logging
import Support
import TestSupport
import Testing

@testable import Recording

@Suite("The recorder", .timeLimit(.minutes(5)))
struct RecorderTests {
  private let storage = FakeStorage()

  private func recorder(
    _ mode: RecordingMode, _ change: (inout Recorder<FakePacket>.Options) -> Void = { _ in }
  ) -> Recorder<FakePacket> {
    var options: Recorder<FakePacket>.Options = patient(mode)
    change(&options)
    return Recorder("door", options, into: storage, logger: Logger(label: "test"))
  }

  private func numbers(_ segment: [FakePacket]) -> [Int] { segment.map(\.number) }

  @Test("everything is recorded, in segments of ten seconds that begin with a keyframe")
  func continuous() {
    let recorder = recorder(.continuous)
    // Two seconds of the first group are missing.
    for packet in FakePacket.camera(seconds: 45).dropFirst(5) { recorder.take(packet) }
    #expect(recorder.stop(within: longWait))
    let segments = storage.segments
    #expect(segments.map(\.first?.number) == [20, 120, 220, 320, 420])
    #expect(segments.flatMap(numbers) == Array(20..<450))
    #expect(recorder.counts.written == 430 && storage.state.withLock { $0.finished } == 5)
  }

  @Test("another connection begins another segment, with a keyframe")
  func connections() {
    let recorder = recorder(.continuous)
    for packet in FakePacket.camera(seconds: 3) { recorder.take(packet) }
    let next = FakePacket.camera(seconds: 3, from: 20, number: 30, connection: 2)
    for packet in next.dropFirst(3) { recorder.take(packet) }
    #expect(recorder.stop(within: longWait))
    #expect(storage.segments.map(numbers) == [Array(0..<30), Array(50..<60)])
  }

  @Test("sound goes into the segment of its pictures, though it comes later")
  func sound() {
    let recorder = recorder(.continuous)
    var packets: [FakePacket] = []
    for picture in FakePacket.camera(seconds: 25) {
      var picture = picture
      picture.hasSound = true
      packets.append(picture)
      guard picture.number >= 4 else { continue }
      var sound = picture
      (sound.isVideo, sound.isKeyframe, sound.number) = (false, false, 1000 + picture.number - 4)
      sound.time -= 0.35
      packets.append(sound)
    }
    for packet in packets { recorder.take(packet) }
    #expect(recorder.stop(within: longWait))
    for segment in storage.segments {
      let times = segment.map(\.time)
      #expect(times == times.sorted())
      #expect(segment.first?.isKeyframe == true)
    }
    #expect(storage.segments.joined().count { !$0.isVideo } == 246)
  }

  @Test("an event is recorded from before it to after it, in whole groups of pictures")
  func event() {
    let recorder = recorder(.onDemand) { $0.ring.seconds = 20 }
    let packets = FakePacket.camera(seconds: 60)
    for packet in packets[..<300] { recorder.take(packet) }
    #expect(recorder.flush(within: longWait) && storage.segments.isEmpty)
    // At 28 s, five seconds before it: in the group that begins at 22 s.
    recorder.begin(1, at: 28, preRoll: 5)
    for packet in packets[300..<320] { recorder.take(packet) }
    recorder.end(1, at: 32, postRoll: 3)
    for packet in packets[320..<400] { recorder.take(packet) }
    // What is asked for anew goes on where the recording ended.
    recorder.extend(at: 39, preRoll: 10, postRoll: 2)
    for packet in packets[400...] { recorder.take(packet) }
    #expect(recorder.stop(within: longWait))
    #expect(storage.segments.map { numbers($0).first } == [220, 320, 360])
    #expect(storage.segments.flatMap(numbers) == Array(220..<420))
  }

  @Test("a full disk pauses the recording, which goes on with a keyframe when there is room")
  func fullDisk() throws {
    let recorder = recorder(.continuous) { $0.retryDelay = 0 }
    let packets = FakePacket.camera(seconds: 30)
    for packet in packets[..<33] { recorder.take(packet) }
    #expect(recorder.flush(within: longWait))
    storage.state.withLock { $0.isFull = true }
    for packet in packets[33..<90] { recorder.take(packet) }
    #expect(recorder.flush(within: longWait))
    #expect(recorder.counts.isPaused && storage.state.withLock { $0.attempts } == 4)
    storage.state.withLock { $0.isFull = false }
    for packet in packets[90...] { recorder.take(packet) }
    #expect(recorder.stop(within: longWait))
    let counts = recorder.counts
    #expect(storage.segments.map(numbers).first == Array(0..<33))
    #expect(storage.segments.dropFirst().flatMap(numbers) == Array(100..<300))
    #expect(!counts.isPaused && counts.written == 233 && counts.leftOut == 67)
  }

  @Test("a disk that hangs doesn't hold up the reader, and what waits for it is bounded")
  func hangingDisk() {
    let recorder = recorder(.continuous) { $0.backlog.bytes = 100_000 }
    let packets = FakePacket.camera(seconds: 100)
    storage.gate.lock()
    // Returns at once, or the test would never end.
    for packet in packets { recorder.take(packet) }
    #expect(!recorder.flush(within: 0.05))
    #expect(!recorder.stop(within: 0.05))
    #expect(recorder.counts.leftOut >= 800)
    storage.gate.unlock()
    #expect(recorder.stop(within: longWait))
    #expect(recorder.counts.written + recorder.counts.leftOut == 1000)
    #expect(storage.segments.allSatisfy { $0.first?.isKeyframe == true })
  }
}
