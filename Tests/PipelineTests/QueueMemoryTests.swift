import Testing

@testable import Pipeline

/// A record of a source: a frame with bytes and a sound, or an event (a gap, an end) without.
private struct Record: QueueElement, Equatable {
  var source: String
  var sound: String
  var byteCount = 0
  var isDroppable = true
  /// Whether it has a place for sound: a gap has none.
  var takesSound = true

  static func frame(_ source: String, _ sound: String, bytes: Int = 0) -> Record {
    Record(source: source, sound: sound, byteCount: bytes)
  }

  static func gap(_ source: String) -> Record {
    Record(source: source, sound: "", isDroppable: false, takesSound: false)
  }

  static func end(_ source: String) -> Record {
    Record(source: source, sound: "", isDroppable: false)
  }

  mutating func absorb(_ dropped: Record) -> Bool {
    guard takesSound, source == dropped.source else { return dropped.sound.isEmpty }
    sound = dropped.sound + sound
    return true
  }

  var remains: Record? {
    sound.isEmpty ? nil : Record(source: source, sound: sound)
  }
}

@Suite("What waits in queues")
struct QueueMemoryTests {
  private func drain(_ state: inout QueueState<Record>) -> [Record] {
    var records: [Record] = []
    while case .element(let record) = state.pop() { records.append(record) }
    return records
  }

  @Test("sound of a dropped frame passes a gap and frames of other sources, and none is lost")
  func soundPasses() {
    var state = QueueState<Record>(capacity: 3, policy: .dropOldest)
    for record: Record in [.frame("a", "1"), .gap("a"), .frame("b", "x")] { _ = state.push(record) }
    _ = state.push(.frame("b", "y"))
    #expect(state.count == 3)
    // Nothing of a waits that could take its sound.
    _ = state.push(.frame("a", "2"))
    _ = state.push(.end("a"))
    var all = drain(&state)
    _ = state.push(.frame("b", "z"))
    all += drain(&state)
    let sound = { (source: String) in
      all.filter { $0.source == source }.map(\.sound).joined()
    }
    #expect(sound("a") == "12" && sound("b") == "xyz", "\(all)")
  }

  @Test("a frame that finds only events gives its sound to the next one")
  func droppedNewcomer() {
    var state = QueueState<Record>(capacity: 2, policy: .latest)
    for record: Record in [.gap("a"), .gap("a"), .frame("a", "1"), .frame("a", "2")] {
      _ = state.push(record)
    }
    _ = drain(&state)
    _ = state.push(.end("a"))
    #expect(drain(&state).map(\.sound) == ["12"])
  }

  @Test("a queue is full by bytes too, and one element always fits")
  func bytes() {
    var state = QueueState<Record>(capacity: 8, byteLimit: 100)
    #expect(state.push(.frame("a", "", bytes: 400)) != nil)
    #expect(state.push(.frame("a", "", bytes: 1)) == nil)
    #expect(state.push(.gap("a")) != nil, "an event holds no bytes")
    #expect(drain(&state).count == 2)
    for _ in 0..<4 { #expect(state.push(.frame("a", "", bytes: 25)) != nil) }
    #expect(state.push(.frame("a", "", bytes: 25)) == nil && state.byteCount == 100)
    #expect(drain(&state).count == 4 && state.byteCount == 0)
  }

  @Test("drop-oldest drops as many frames as a large one needs")
  func largeFrame() {
    var state = QueueState<Record>(capacity: 8, byteLimit: 100, policy: .dropOldest)
    for number in 0..<4 { _ = state.push(.frame("a", "\(number)", bytes: 25)) }
    guard case .stored(let dropped) = state.push(.frame("a", "4", bytes: 60)) else {
      Issue.record("a frame waits under a policy that drops")
      return
    }
    #expect(dropped.count == 3 && state.byteCount == 85)
    #expect(drain(&state).map(\.sound).joined() == "01234")
  }

  @Test("elements that are out count by bytes, and one may always be out")
  func bytesOut() {
    var lane = FairQueue<Record>.Lane(capacity: 8, policy: .block, limit: 8)
    lane.bytesOut = 100
    let queue = FairQueue<Record>(lanes: [
      lane, FairQueue.Lane(capacity: 8, policy: .block, limit: 8),
    ])
    for bytes in [300, 60, 40, 1] { queue.push(.frame("a", "", bytes: bytes), lane: 0) }
    queue.push(.gap("b"), lane: 1)
    #expect(queue.take()?.element.byteCount == 300)
    #expect(queue.take()?.lane == 1, "the first lane has no room for another")
    queue.release(lane: 0, byteCount: 300)
    #expect(queue.take()?.element.byteCount == 60)
    #expect(queue.take()?.element.byteCount == 40)
    queue.push(.gap("b"), lane: 1)
    #expect(queue.take()?.lane == 1)
    queue.release(lane: 0, byteCount: 60)
    #expect(queue.take()?.element.byteCount == 1)
  }
}
