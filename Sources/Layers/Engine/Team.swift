internal import CKernels
internal import Dispatch
internal import Synchronization

/// Threads that share each run of a session: each chain's rows are cut into shares, and each free
/// thread takes the next one.
///
/// Shares are handed out in the order of the program, and a share starts once all shares of the
/// chains before it have finished. A late thread leaves its shares to the others, so a run never
/// waits for a thread to start.
final class Team {
  private let work: SharedWork
  private let first: Executor
  private let helpers: [Helper]

  /// Cuts the chains of `program` into shares for as many threads as there are executors; the first
  /// executor runs on the caller's thread.
  init(_ program: Program, _ executors: [Executor]) {
    let work = SharedWork(program, threads: executors.count)
    self.work = work
    first = executors[0]
    helpers = executors.dropFirst().map { Helper($0, work) }
  }

  deinit {
    for helper in helpers { helper.stop() }
  }

  /// Runs all chains once.
  func run() {
    work.begin()
    for helper in helpers { helper.start() }
    work.take(first)
    work.waitForAll()
  }
}

/// The shares of a run, and how many are taken and done.
private final class SharedWork: Sendable {
  /// Rows of a chain's output.
  struct Share {
    var chain: Int
    var rows: Range<Int>
    /// Shares that must have finished before this one starts.
    var start: Int
  }

  private let shares: [Share]
  private let next: Atomic<Int>
  private let finished = Atomic<Int>(0)

  init(_ program: Program, threads: Int) {
    var shares: [Share] = []
    for (index, chain) in program.chains.enumerated() {
      let start = shares.count
      let last = program.steps[chain.steps.upperBound - 1]
      let shape = last.output.shape
      let units = (shape.height + last.rowUnit - 1) / last.rowUnit
      // A matrix product of a single row sums in a different order. With at least two pixels in
      // each share the result does not depend on the number of threads.
      let most = shape.width > 1 || last.rowUnit > 1 ? units : units / 2
      let parts = chain.isSeparable ? max(min(threads, most), 1) : 1
      for part in 0..<parts {
        let begin = units * part / parts * last.rowUnit
        let end = min(units * (part + 1) / parts * last.rowUnit, shape.height)
        shares.append(Share(chain: index, rows: begin..<end, start: start))
      }
    }
    self.shares = shares
    next = Atomic(shares.count)
  }

  /// Makes all shares available again.
  func begin() {
    finished.store(0, ordering: .relaxed)
    next.store(0, ordering: .releasing)
  }

  /// Processes shares until none are left.
  func take(_ executor: Executor) {
    while true {
      // A thread that is late from the previous run may take a share of this one; this is harmless.
      let turn = next.wrappingAdd(1, ordering: .acquiring).oldValue
      guard turn < shares.count else { return }
      let share = shares[turn]
      wait(for: share.start)
      executor.execute(executor.network.program.chains[share.chain], rows: share.rows)
      finished.wrappingAdd(1, ordering: .releasing)
    }
  }

  func waitForAll() { wait(for: shares.count) }

  private func wait(for count: Int) {
    var turn = 0
    while finished.load(ordering: .acquiring) < count {
      sd_pause(turn)
      turn += 1
    }
  }
}

/// A thread that helps with each run.
///
/// It lives as long as the team. The system could put a thread that is woken for each run on the
/// caller's core, where it would stay: a frame takes a few milliseconds, too short for it to be
/// moved.
private final class Helper: Sendable {
  /// The number of runs started.
  private let runs = Atomic<Int>(0)
  private let isStopped = Atomic<Bool>(false)
  private let isAsleep = Atomic<Bool>(false)
  private let wakeUp = DispatchSemaphore(value: 0)

  init(_ executor: Executor, _ work: SharedWork) {
    // Safe although it is not Sendable: each executor is used on its own thread only, and its
    // session changes it only between runs, when no shares are available.
    nonisolated(unsafe) let executor = executor
    // A private queue, because the pool of the global queues may be busy or small.
    DispatchQueue(label: "stream-detect.layers", qos: .userInteractive).async { [self] in
      var seen = 0
      while waitForRun(after: seen) {
        seen = runs.load(ordering: .acquiring)
        unsafe work.take(executor)
      }
    }
  }

  func start() {
    runs.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { wakeUp.signal() }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    start()
  }

  /// Waits for the next run; returns `false` if there is none.
  ///
  /// Spins for a moment before it sleeps, so the thread is still awake when frames follow each
  /// other closely.
  private func waitForRun(after seen: Int) -> Bool {
    var turn = 0
    while runs.load(ordering: .acquiring) == seen, turn < 2000 {
      sd_pause(turn)
      turn += 1
    }
    while runs.load(ordering: .sequentiallyConsistent) == seen {
      isAsleep.store(true, ordering: .sequentiallyConsistent)
      // No wake-up is lost: either this thread sees the new run, or the starter sees it asleep.
      if runs.load(ordering: .sequentiallyConsistent) == seen
        || !isAsleep.exchange(false, ordering: .sequentiallyConsistent)
      {
        wakeUp.wait()
      }
    }
    return !isStopped.load(ordering: .relaxed)
  }
}
