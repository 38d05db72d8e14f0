extension DecodingPlan {
  /// What a frame is that the decoder gives.
  ///
  /// - Returns: The frame's place, and the frames before it that don't come, if it has to come;
  ///   `nil` if nobody wants it.
  /// - Throws: If others should have come before it.
  mutating func noteFrame(
    number: Int?, pts: Int64?
  ) throws(Failure) -> (passed: [Decided], frame: Decided)? {
    guard let number else { throw Failure("a frame has no number") }
    // A decoder gives nothing before it has all that is presented earlier.
    if let pts, undecided.contains(where: { $0.number == number }) { try decide(upTo: pts) }
    guard awaited.contains(number) else { return nil }
    let passed = takePassed()
    guard let first = decided.first, first.picture.number == number, first.picture.pts == pts else {
      throw Failure("a frame came in another order")
    }
    awaited.remove(number)
    return (passed, decided.removeFirst())
  }

  /// Frames, in order of presentation, that need not come, before the next that has to.
  mutating func takePassed() -> [Decided] {
    let count = decided.firstIndex { awaited.contains($0.picture.number) } ?? decided.count
    guard count > 0 else { return [] }
    defer { decided.removeFirst(count) }
    return Array(decided.prefix(count))
  }
}

extension DecodingPlan {
  /// Whether nothing that was read and not decoded is needed.
  var canJump: Bool { unclaimed.isEmpty && needed <= sent && !hasEnded && !hasJumped }

  /// No frame before this time is wanted, in ticks.
  var earliest: Int64? {
    clock.firstTicks?.saturatingAdd(clock.timeBase.ticks(chooser.earliest))
  }

  /// Forgets what was read, to go on elsewhere.
  mutating func jump() {
    (held, heldBytes, starts) = ([], 0, [])
    (undecided, unwanted) = ([], [])
    (lastDTS, lastPTS) = (.min, .min)
    hasJumped = true
    isFlowing = false
    if !isFresh { restart() }
  }

  /// Goes on at a start; `index` is that of its frame, or of the first of those that are presented
  /// before it.
  mutating func land(index: Int) { nextIndex = index }
}
