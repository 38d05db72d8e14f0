internal import CKernels
internal import Dispatch
internal import Synchronization

/// Threads that share each run of a session: each chain's rows are cut into shares, and whoever is free takes
/// the next share.
///
/// Shares are handed out in the order of the program, and one starts when all shares of the chains before
/// have finished. A thread that comes late leaves its shares to the others, so that a run never waits for a
/// thread to start.
final class Team: Sendable {
  /// Rows of a chain's output.
  struct Share: Hashable {
    var chain: Int
    var rows: Range<Int>
    /// Shares that must have finished before this one starts.
    var start: Int
  }

  private let shares: [Share]
  private let next: Atomic<Int>
  private let finished = Atomic<Int>(0)
  private let queues: [DispatchQueue]

  /// Cuts the chains of `program` for `threads` threads, the caller's among them.
  init(_ program: Program, threads: Int) {
    var shares: [Share] = []
    for (index, chain) in program.chains.enumerated() {
      let start = shares.count
      let shape = program.steps[chain.steps.upperBound - 1].output.shape
      let height = shape.height
      // A product of a single row adds in another order: no share has less than two pixels, so that the
      // result does not depend on the threads.
      let most = shape.width > 1 ? height : height / 2
      let parts = chain.isSeparable ? max(min(threads, most), 1) : 1
      for part in 0..<parts {
        shares.append(
          Share(
            chain: index, rows: height * part / parts..<height * (part + 1) / parts, start: start))
      }
    }
    self.shares = shares
    next = Atomic(shares.count)
    // Queues of their own, because the pool of the global ones may be busy or small.
    queues = (1..<max(threads, 1)).map {
      DispatchQueue(label: "stream-detect.layers.\($0)", qos: .userInteractive)
    }
  }

  /// Runs all chains once: the first executor's on this thread, the others' on threads of the team.
  func run(_ executors: [Executor]) {
    finished.store(0, ordering: .relaxed)
    next.store(0, ordering: .releasing)
    for (queue, executor) in zip(queues, executors.dropFirst()) {
      // Not Sendable, and safe all the same: an executor runs on its own serial queue only, and its
      // session changes it only between runs, while no share is to be had.
      nonisolated(unsafe) let executor = executor
      queue.async { unsafe self.work(executor) }
    }
    if let first = executors.first { work(first) }
    wait(for: shares.count)
  }

  private func work(_ executor: Executor) {
    while true {
      // A thread that is late from the run before may take a share of this one: it does no harm.
      let turn = next.wrappingAdd(1, ordering: .acquiring).oldValue
      guard turn < shares.count else { return }
      let share = shares[turn]
      wait(for: share.start)
      executor.execute(executor.network.program.chains[share.chain], rows: share.rows)
      finished.wrappingAdd(1, ordering: .releasing)
    }
  }

  private func wait(for count: Int) {
    var turn = 0
    while finished.load(ordering: .acquiring) < count {
      sd_pause(turn)
      turn += 1
    }
  }
}
