import TestSupport
import Testing

@testable import Recording

@Suite("The ring of packets")
struct PacketRingTests {
  @Test("what is taken begins with a keyframe, and reaches back far enough", arguments: 0..<60)
  func randomPackets(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let seconds = Double(Int.random(in: 0...8, using: &random))
    let bytes = Int.random(in: 2000...400_000, using: &random)
    var ring = PacketRing<FakePacket>(limits: .init(seconds: seconds, bytes: bytes))
    var all: [FakePacket] = []
    var arrival = 0.0
    for number in 0..<2000 {
      arrival += Double.random(in: 0...0.2, using: &random)
      let isVideo = Int.random(in: 0..<3, using: &random) > 0
      let packet = FakePacket(
        number: number, isVideo: isVideo,
        isKeyframe: isVideo && Int.random(in: 0..<25, using: &random) == 0,
        byteCount: Int.random(in: 1...3000, using: &random), time: arrival, arrival: arrival)
      all.append(packet)
      ring.add(packet, number: number)
      #expect(ring.byteCount <= bytes)
      let back = Double.random(in: 0...10, using: &random)
      let taken = ring.packets(from: arrival - back, after: -1)
      #expect(ring.byteCount >= taken.reduce(0) { $0 + $1.byteCount })
      guard let first = taken.first else {
        // Then the group that is coming in has too many bytes, or none has begun.
        let group = all.lastIndex { $0.isKeyframe }.map { all[$0...] } ?? []
        #expect(group.reduce(0) { $0 + $1.byteCount } > bytes || group.isEmpty)
        continue
      }
      #expect(first.isKeyframe)
      // Nothing between is missing.
      #expect(taken == Array(all[first.number...]))
      let wanted = all.last { $0.isKeyframe && $0.arrival <= arrival - min(back, seconds) }
      let hasRoom =
        wanted.map { all[$0.number...].reduce(0) { $0 + $1.byteCount } <= bytes } ?? false
      if let wanted, hasRoom { #expect(first.number <= wanted.number) }
      // At most one group more than was asked for.
      let second = taken.dropFirst().first { $0.isKeyframe }
      if let second { #expect(second.arrival > arrival - back) }
    }
  }

  @Test("what was recorded already isn't taken again")
  func noRepetition() {
    var ring = PacketRing<FakePacket>(limits: .init(seconds: 60))
    for packet in FakePacket.camera(seconds: 10) { ring.add(packet, number: packet.number) }
    #expect(ring.packets(from: 0, after: 39).map(\.number) == Array(40..<100))
    // The rest of a group is nothing to begin with.
    #expect(ring.packets(from: 0, after: 45).map(\.number) == Array(40..<100))
    #expect(ring.packets(from: 7, after: -1).map(\.number) == Array(60..<100))
    #expect(ring.packets(from: 50, after: 99).isEmpty)
  }
}
