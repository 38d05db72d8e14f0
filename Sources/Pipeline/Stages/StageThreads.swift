internal import Support

/// The threads of a run's stages: all of them start, or none does any work.
///
/// Dispatch would wait for ever for a thread that the system doesn't give, and it has no more than
/// 255.
struct StageThreads: Sendable {
  private enum State {
    case held
    case released
    case givenUp
  }

  private let state = Monitor(State.held)

  /// Starts a thread that belongs to `group` and does its work after `release`.
  ///
  /// If the system gives none, all of them give up.
  func add(_ name: String, to group: StageGroup, _ work: @escaping @Sendable () -> Void) {
    let isStarted = group.start(name) { [state] in
      let isReleased: Bool = state.wait { state in
        switch state {
        case .held: nil
        case .released: true
        case .givenUp: false
        }
      }
      if isReleased { work() }
    }
    if !isStarted { state.update { $0 = .givenUp } }
  }

  /// Lets all begin, and returns whether they do.
  func release() -> Bool {
    state.update { state in
      if state == .held { state = .released }
      return state == .released
    }
  }
}

/// Threads of one kind, after the last of which something is closed.
final class StageGroup: Sendable {
  /// The number of threads, plus one until the group is sealed.
  private let members = Monitor(1)
  private let stackSize: Int
  private let atEnd: @Sendable () -> Void

  /// An empty group; its last thread calls `atEnd`, after `seal`.
  init(
    stackSize: Int = SystemThread.stackSize, atEnd: @escaping @Sendable () -> Void = {}
  ) {
    self.stackSize = stackSize
    self.atEnd = atEnd
  }

  /// Runs `work` on a new thread, and returns whether the system has given one.
  func start(_ name: String, _ work: @escaping @Sendable () -> Void) -> Bool {
    members.update { $0 += 1 }
    let isStarted = SystemThread.detach(name, stackSize: stackSize) { [self] in
      work()
      leave()
    }
    if !isStarted { leave() }
    return isStarted
  }

  /// Says that from now on only its own threads start further ones.
  func seal() { leave() }

  /// Waits until it's sealed and no thread of it is left.
  func wait() { members.wait { $0 == 0 ? () : nil } }

  private func leave() {
    let isLast = members.update { members in
      if members > 1 { members -= 1; return false }
      return true
    }
    guard isLast else { return }
    // No thread can join meanwhile: only members start others, and there are none left.
    atEnd()
    members.update { $0 = 0 }
  }
}
