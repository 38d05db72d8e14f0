import Testing

@testable import Recording

@Suite("Packets that wait for the disk")
struct WriteBacklogTests {
  private func numbers(_ items: [WriteBacklog<FakePacket>.Item]) -> [Int] {
    items.compactMap { if case .packet(let packet, _) = $0 { packet.number } else { nil } }
  }

  @Test("too many bytes: what waits stays, and what comes is left out up to a keyframe")
  func bytes() throws {
    var backlog = WriteBacklog<FakePacket>(limits: .init(bytes: 50_500, seconds: 60))
    let packets = FakePacket.camera(seconds: 20)
    for packet in packets[..<70] { backlog.add(packet) }
    #expect(backlog.leftOut == 20 && backlog.byteCount == 50_000)
    #expect(numbers(backlog.takeAll()) == Array(0..<50))
    // There is room, and no keyframe yet.
    for packet in packets[70..<100] { backlog.add(packet) }
    let items = backlog.takeAll()
    #expect(numbers(items) == Array(80..<100) && backlog.leftOut == 30)
    guard case .packet(_, isAfterGap: true) = try #require(items.first),
      case .packet(_, isAfterGap: false) = items[1]
    else {
      Issue.record("the gap isn't marked")
      return
    }
  }

  @Test("a packet waits for so many seconds at most")
  func seconds() {
    var backlog = WriteBacklog<FakePacket>(limits: .init(bytes: 1 << 30, seconds: 5))
    for packet in FakePacket.camera(seconds: 100) { backlog.add(packet) }
    let waiting = numbers(backlog.takeAll())
    #expect(waiting == Array(0...50) && backlog.leftOut == 1000 - 51)
  }
}
