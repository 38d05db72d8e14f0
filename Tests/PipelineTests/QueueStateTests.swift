import Testing

@testable import Pipeline

/// A queue element for tests: letters are frames, digits are events that must not be dropped.
struct Token: QueueElement, Equatable, Sendable, ExpressibleByStringLiteral {
  var text: String
  /// What it has absorbed, oldest first.
  var absorbed = ""

  init(stringLiteral text: String) { self.text = text }

  init(_ text: String, absorbed: String) {
    self.text = text
    self.absorbed = absorbed
  }

  var isDroppable: Bool { text.first?.isLetter == true }

  mutating func absorb(_ dropped: Token) -> Bool {
    absorbed = dropped.absorbed + dropped.text + absorbed
    return true
  }
}

struct QueueStateTests {
  private func drain(_ state: inout QueueState<Token>) -> [String] {
    var texts: [String] = []
    while case .element(let token) = state.pop() { texts.append(token.text) }
    return texts
  }

  @Test("elements leave in the order they came, around the ring many times")
  func order() {
    var state = QueueState<Token>(capacity: 3)
    var taken: [String] = []
    for number in 0..<20 {
      #expect(state.push(Token(stringLiteral: "a\(number)")) == .stored(dropped: []))
      if number % 2 == 1, case .element(let token) = state.pop() { taken.append(token.text) }
      if state.count == 3 { taken += drain(&state) }
    }
    taken += drain(&state)
    #expect(taken == (0..<20).map { "a\($0)" })
  }

  @Test("a full queue with the policy block makes the producer wait")
  func block() {
    var state = QueueState<Token>(capacity: 2)
    #expect(state.push("a") == .stored(dropped: []))
    #expect(state.push("b") == .stored(dropped: []))
    #expect(state.push("c") == nil)
    #expect(state.count == 2)
    #expect(drain(&state) == ["a", "b"])
  }

  @Test("drop-oldest drops the oldest frame of a full queue and keeps events")
  func dropOldest() {
    var state = QueueState<Token>(capacity: 3, policy: .dropOldest)
    for token: Token in ["1", "a", "b"] { #expect(state.push(token) == .stored(dropped: [])) }
    #expect(state.push("c") == .stored(dropped: ["a"]))
    #expect(drain(&state) == ["1", "b", "c"])
  }

  @Test("latest keeps only the newest frame, and every event in its place")
  func latest() {
    var state = QueueState<Token>(capacity: 4, policy: .latest)
    #expect(state.push("a") == .stored(dropped: []))
    #expect(state.push("b") == .stored(dropped: ["a"]))
    #expect(state.push("1") == .stored(dropped: []))
    #expect(state.push("c") == .stored(dropped: [Token("b", absorbed: "a")]))
    #expect(state.push("2") == .stored(dropped: []))
    #expect(drain(&state) == ["1", "c", "2"])
  }

  @Test("an event waits for room under latest, and a frame gives way to it under drop-oldest")
  func fullForAnEvent() {
    var latest = QueueState<Token>(capacity: 2, policy: .latest)
    for token: Token in ["a", "1"] { _ = latest.push(token) }
    #expect(latest.push("2") == nil)
    #expect(drain(&latest) == ["a", "1"])

    var oldest = QueueState<Token>(capacity: 2, policy: .dropOldest)
    for token: Token in ["1", "a"] { _ = oldest.push(token) }
    #expect(oldest.push("2") == .stored(dropped: ["a"]))
    #expect(oldest.push("3") == nil, "no event is dropped")
    #expect(drain(&oldest) == ["1", "2"])
  }

  @Test(
    "a frame is dropped itself if only events wait", arguments: [QueuePolicy.latest, .dropOldest])
  func fullOfEvents(policy: QueuePolicy) {
    var state = QueueState<Token>(capacity: 2, policy: policy)
    for token: Token in ["1", "2"] { _ = state.push(token) }
    #expect(state.push("c") == .stored(dropped: ["c"]))
    #expect(drain(&state) == ["1", "2"])
  }

  @Test("the next element absorbs dropped ones in order")
  func absorb() {
    var oldest = QueueState<Token>(capacity: 2, policy: .dropOldest)
    for token: Token in ["a", "b", "c", "d"] { _ = oldest.push(token) }
    guard case .element(let survivor) = oldest.pop() else {
      Issue.record("empty")
      return
    }
    #expect(survivor.text == "c" && survivor.absorbed == "ab")

    var latest = QueueState<Token>(capacity: 4, policy: .latest)
    for token: Token in ["a", "b", "c"] { _ = latest.push(token) }
    guard case .element(let newest) = latest.pop() else {
      Issue.record("empty")
      return
    }
    #expect(newest.text == "c" && newest.absorbed == "ab")
  }

  @Test("a closed queue drains, then ends, and refuses new elements")
  func close() {
    var state = QueueState<Token>(capacity: 2)
    _ = state.push("a")
    state.close()
    #expect(state.push("b") == .refused)
    #expect(drain(&state) == ["a"])
    guard case .ended = state.pop() else {
      Issue.record("not ended")
      return
    }
  }

  @Test("a failed queue drains, then throws, and closing it later changes nothing")
  func fail() {
    var state = QueueState<Token>(capacity: 2)
    _ = state.push("a")
    state.fail(SinkError(.outputFailed, "full"))
    state.close()
    guard case .element = state.pop() else {
      Issue.record("lost what waited")
      return
    }
    guard case .failed(let error) = state.pop() else {
      Issue.record("not failed")
      return
    }
    #expect(error as? SinkError == SinkError(.outputFailed, "full"))
  }

  @Test("a cancelled queue discards what waits")
  func cancel() {
    var state = QueueState<Token>(capacity: 2)
    _ = state.push("a")
    state.cancel()
    #expect(state.isEmpty)
    #expect(state.push("b") == .refused)
    guard case .ended = state.pop() else {
      Issue.record("not ended")
      return
    }
  }
}
