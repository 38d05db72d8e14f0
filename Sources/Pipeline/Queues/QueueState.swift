/// What a bounded queue holds and how it ends, without locks and threads.
///
/// A ring of `capacity` places that is open until it is ended. The producer ends it by `close` or
/// `fail`, and the consumer still gets the waiting elements; the consumer ends it by `cancel`,
/// which discards them. If both do, the first one decides.
package struct QueueState<Element: QueueElement> {
  package enum PushResult {
    /// The element was accepted, and the policy dropped these elements for it, oldest first. If the
    /// queue is full of elements that must not be dropped, the last one is the new element itself.
    case stored(dropped: [Element])
    /// The queue has ended; the element was discarded.
    case refused
  }

  package enum PopResult {
    case element(Element)
    /// Closed or cancelled, and empty.
    case ended
    /// Failed, and empty.
    case failed(any Error)
  }

  private enum Phase {
    case open
    case closed
    case failed(any Error)
    case cancelled
  }

  package let capacity: Int
  package var policy: QueuePolicy
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

  /// Adds an element at the end, or returns `nil` if the producer has to wait for room.
  package mutating func push(_ element: Element) -> PushResult? {
    guard isOpen else { return .refused }
    var element = element
    let dropped = makeRoom(for: &element)
    if count < capacity {
      places[place(count)] = element
      count += 1
      return .stored(dropped: dropped)
    }
    // Full of elements that must not be dropped.
    return policy != .block && element.isDroppable ? .stored(dropped: dropped + [element]) : nil
  }

  /// Takes the element that has waited longest, or returns `nil` if the consumer has to wait.
  package mutating func pop() -> PopResult? {
    if count > 0 { return remove(at: 0).map(PopResult.element) }
    switch phase {
    case .open: return nil
    case .closed, .cancelled: return .ended
    case .failed(let error): return .failed(error)
    }
  }

  /// Ends the queue from the producer's side: the consumer still gets the waiting elements.
  package mutating func close() {
    if isOpen { phase = .closed }
  }

  /// Ends the queue from the producer's side: the consumer still gets the waiting elements, then
  /// the error.
  package mutating func fail(_ error: any Error) {
    if isOpen { phase = .failed(error) }
  }

  /// Ends the queue from the consumer's side and discards the waiting elements.
  package mutating func cancel() {
    phase = .cancelled
    places = Array(repeating: nil, count: capacity)
    count = 0
  }

  private func place(_ offset: Int) -> Int { (head + offset) % capacity }

  /// Drops what the policy doesn't keep for `element`.
  private mutating func makeRoom(for element: inout Element) -> [Element] {
    // Elements that must not be dropped wait for room: only frames are dropped, and only for
    // frames.
    guard element.isDroppable else { return [] }
    switch policy {
    case .block:
      return []
    case .latest:
      var dropped: [Element] = []
      for offset in (0..<count).reversed() where places[place(offset)]?.isDroppable == true {
        dropped.append(drop(at: offset, for: &element))
      }
      return dropped.reversed()
    case .dropOldest:
      guard count == capacity,
        let oldest = (0..<count).first(where: { places[place($0)]?.isDroppable == true })
      else { return [] }
      return [drop(at: oldest, for: &element)]
    }
  }

  private mutating func drop(at offset: Int, for newcomer: inout Element) -> Element {
    guard let dropped = remove(at: offset) else {
      preconditionFailure("no element waits at \(offset)")
    }
    if offset < count {
      places[place(offset)]?.absorb(dropped)
    } else {
      newcomer.absorb(dropped)
    }
    return dropped
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

extension QueueState.PushResult: Equatable where Element: Equatable {}
