/// What a bounded queue holds and how it ends, without locks and threads.
///
/// A ring of `capacity` places that is open until it is ended. It is also full when its elements
/// hold `byteLimit` bytes; one element always fits. The producer ends it by `close` or `fail`, and
/// the consumer still gets the waiting elements; the consumer ends it by `cancel`, which discards
/// them. If both do, the first one decides.
///
/// What must not be lost of a dropped element goes to the first one after it that takes it over,
/// whether that waits already or comes later.
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
  package let byteLimit: Int
  package var policy: QueuePolicy
  package private(set) var count = 0
  /// Bytes that the waiting elements held when they came.
  package private(set) var byteCount = 0
  private var places: [Place?]
  /// What is left of dropped elements that none of those waiting took over, oldest first.
  private var remains: [Element] = []
  private var head = 0
  private var phase = Phase.open

  private struct Place {
    var element: Element
    let byteCount: Int
  }

  package init(capacity: Int, byteLimit: Int = .max, policy: QueuePolicy = .block) {
    precondition(capacity > 0, "a queue of capacity \(capacity) can hold nothing")
    self.capacity = capacity
    self.byteLimit = byteLimit
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
    if hasRoom(for: element) {
      remains.removeAll { element.absorb($0) }
      places[place(count)] = Place(element: element, byteCount: element.byteCount)
      count += 1
      byteCount += element.byteCount
      return .stored(dropped: dropped)
    }
    // Full of elements that must not be dropped.
    guard policy != .block, element.isDroppable else { return nil }
    remains.removeAll { element.absorb($0) }
    if let rest = element.remains { remains.append(rest) }
    return .stored(dropped: dropped + [element])
  }

  /// The bytes of the element that is taken next; 0 if none waits.
  package var nextByteCount: Int { count > 0 ? places[head]?.byteCount ?? 0 : 0 }

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
    (count, byteCount, remains) = (0, 0, [])
  }

  private func hasRoom(for element: Element) -> Bool {
    guard count < capacity else { return false }
    let (sum, overflow) = byteCount.addingReportingOverflow(element.byteCount)
    return count == 0 || element.byteCount == 0 || !overflow && sum <= byteLimit
  }

  private func isDroppable(_ offset: Int) -> Bool {
    places[place(offset)]?.element.isDroppable == true
  }

  private func place(_ offset: Int) -> Int { (head + offset) % capacity }

  /// Drops what the policy doesn't keep for `element`.
  private mutating func makeRoom(for element: inout Element) -> [Element] {
    switch policy {
    case .block:
      return []
    case .latest:
      // The end of a source must not cost its last frames, so it waits for room.
      guard element.isDroppable else { return [] }
      var dropped: [Element] = []
      for offset in (0..<count).reversed() where isDroppable(offset) {
        dropped.append(drop(at: offset, for: &element))
      }
      return dropped.reversed()
    case .dropOldest:
      var dropped: [Element] = []
      while !hasRoom(for: element), let oldest = (0..<count).first(where: isDroppable) {
        dropped.append(drop(at: oldest, for: &element))
      }
      return dropped
    }
  }

  private mutating func drop(at offset: Int, for newcomer: inout Element) -> Element {
    guard let dropped = remove(at: offset) else {
      preconditionFailure("no element waits at \(offset)")
    }
    for later in offset..<count where places[place(later)]?.element.absorb(dropped) == true {
      return dropped
    }
    if !newcomer.absorb(dropped), let rest = dropped.remains { remains.append(rest) }
    return dropped
  }

  private mutating func remove(at offset: Int) -> Element? {
    guard let removed = places[place(offset)].take() else { return nil }
    if offset == 0 {
      head = place(1)
    } else {
      for later in offset..<(count - 1) {
        places[place(later)] = places[place(later + 1)].take()
      }
    }
    count -= 1
    byteCount -= removed.byteCount
    return removed.element
  }
}

extension QueueState.PushResult: Equatable where Element: Equatable {}
