import Support
import TestSupport
import Testing

@testable import Media
@testable import Pipeline

/// How much sound waits for pictures.
@Suite("Sound between frames", .requires(.media))
struct HeldAudioTests {
  /// Calls `body` with each frame of a clip of two seconds and the sound that came with it.
  private func read(_ body: (Frame, [Packet]) throws -> Void) throws -> [Packet] {
    var options = InputOptions()
    options.keepsAudio = true
    let reader = try VideoReader(media("plain.mp4"), options: options)
    var all: [Packet] = []
    while let frame = try reader.next() {
      let sound = reader.takeAudioPackets()
      all += sound
      try body(Frame(frame), sound)
    }
    #expect(all.count > 40)
    return all
  }

  @Test("before the first frame only what is heard with it is kept")
  func beforeTheStart() throws {
    let held = HeldAudio { _ in Issue.record("nothing is sent before the first frame") }
    var last = 0.0
    let all = try read { frame, sound in
      held.add(sound)
      held.skip(frame)
      last = frame.t
    }
    let kept = held.take()
    #expect(kept.count < all.count && kept.last === all.last)
    let first = try #require(kept.first)
    #expect(first.timeBase.seconds(first.pts ?? 0) >= last - 1.1)
  }

  @Test("without a frame, the newest within the bound are kept")
  func boundedBefore() throws {
    let held = HeldAudio(mostBefore: 1500) { _ in Issue.record("nothing is sent so early") }
    let all = try read { _, sound in held.add(sound) }
    let kept = held.take()
    let bytes = kept.reduce(0) { $0 + $1.byteCount }
    #expect(kept.last === all.last && bytes <= 1500 && bytes > 250)
  }

  @Test("after the first frame all is sent, in order, and little waits")
  func afterTheStart() throws {
    let sent = Locked<[Packet]>([])
    let held = HeldAudio(mostWaiting: 1500) { packets in sent.withLock { $0 += packets } }
    _ = held.take()
    var added: [Packet] = []
    let all = try read { frame, sound in
      held.add(sound)
      held.skip(frame)
      added += sound
      let waiting = added.dropFirst(sent.withLock { $0.count })
      #expect(waiting.reduce(0) { $0 + $1.byteCount } <= 1500)
    }
    let arrived = sent.withLock { $0 } + held.take()
    #expect(arrived.count == all.count && zip(arrived, all).allSatisfy { $0 === $1 })
  }
}
