/// What a bounded queue holds and how it ends, without locks and threads.
///
/// A ring of `capacity` places. It is open until one of three things happens: `close` and `fail` come
/// from the producer's side and let the consumer have what still waits; `cancel` comes from the
/// consumer's side and throws it away. The first of them counts.
package struct QueueState<Element: QueueElement> {
  package enum PushResult: Equatable {
    /// The element waits now; a policy dropped this many others, or this one, for it.
    case stored(dropped: Int)
    /// Nobody will ever take it: the queue has ended.
    case refused
  }

  package enum PopResult {
    case element(Element)
    /// Closed or cancelled, and nothing waits.
    case ended
    /// Failed, and nothing waits.
    case failed(any Error)
  }

  private enum Phase {
    case open
    case closed
    case failed(any Error)
    case cancelled
  }

  package let capacity: Int
  package let policy: QueuePolicy
  package private(set) var count = 0
  private var places: [Element?]
  private var head = 0
  private var phase = Phase.open

  package init(capacity: Int, policy: QueuePolicy = .block) {
    precondition(capacity > 0, "a queue of capacity \(capacity) can hold nothing")
    self.capacity = capacity
    self.policy = policy
    places = Array(repeating: nil, count: capacity)
  }

  package var isEmpty: Bool { count == 0 }

  package var isOpen: Bool {
    if case .open = phase { true } else { false }
  }

  /// Adds an element at the end, or gives `nil` where the producer has to wait for room.
  package mutating func push(_ element: Element) -> PushResult? {
    guard isOpen else { return .refused }
    var element = element
    let dropped = makeRoom(for: &element)
    if count < capacity {
      places[place(count)] = element
      count += 1
      return .stored(dropped: dropped)
    }
    // Full of elements that must arrive.
    return policy != .block && element.isDroppable ? .stored(dropped: dropped + 1) : nil
  }

  /// Takes the element that has waited longest, or gives `nil` where the consumer has to wait.
  package mutating func pop() -> PopResult? {
    if count > 0 { return remove(at: 0).map(PopResult.element) }
    switch phase {
    case .open: return nil
    case .closed, .cancelled: return .ended
    case .failed(let error): return .failed(error)
    }
  }

  /// Ends the queue from the producer's side: what waits is still handed out.
  package mutating func close() {
    if isOpen { phase = .closed }
  }

  /// Ends the queue from the producer's side: what waits is handed out, then the error.
  package mutating func fail(_ error: any Error) {
    if isOpen { phase = .failed(error) }
  }

  /// Ends the queue from the consumer's side: what waits is thrown away.
  package mutating func cancel() {
    phase = .cancelled
    places = Array(repeating: nil, count: capacity)
    count = 0
  }

  private func place(_ offset: Int) -> Int { (head + offset) % capacity }

  /// Drops what the policy gives up for `element`, and tells how many that were.
  private mutating func makeRoom(for element: inout Element) -> Int {
    // What must arrive waits for room, so that only frames are ever dropped, and only for frames.
    guard element.isDroppable else { return 0 }
    switch policy {
    case .block:
      return 0
    case .latest:
      var dropped = 0
      for offset in (0..<count).reversed() where places[place(offset)]?.isDroppable == true {
        drop(at: offset, for: &element)
        dropped += 1
      }
      return dropped
    case .dropOldest:
      guard count == capacity,
        let oldest = (0..<count).first(where: { places[place($0)]?.isDroppable == true })
      else { return 0 }
      drop(at: oldest, for: &element)
      return 1
    }
  }

  private mutating func drop(at offset: Int, for newcomer: inout Element) {
    guard let dropped = remove(at: offset) else { return }
    if offset < count {
      places[place(offset)]?.absorb(dropped)
    } else {
      newcomer.absorb(dropped)
    }
  }

  private mutating func remove(at offset: Int) -> Element? {
    let element = places[place(offset)].take()
    if offset == 0 {
      head = place(1)
    } else {
      for later in offset..<(count - 1) {
        places[place(later)] = places[place(later + 1)].take()
      }
    }
    count -= 1
    return element
  }
}
