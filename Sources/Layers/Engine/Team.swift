internal import CKernels
internal import Dispatch
internal import Synchronization

/// Threads that share each run of a session: each chain's rows are cut into shares, and whoever is free takes
/// the next share.
///
/// Shares are handed out in the order of the program, and one starts when all shares of the chains before
/// have finished. A thread that comes late leaves its shares to the others, so that a run never waits for a
/// thread to start.
final class Team {
  private let work: SharedWork
  private let first: Executor
  private let helpers: [Helper]

  /// Cuts the chains of `program` for as many threads as there are executors: the caller's takes the
  /// first.
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
  }

  /// Lays all shares out again.
  func begin() {
    finished.store(0, ordering: .relaxed)
    next.store(0, ordering: .releasing)
  }

  /// Does shares until there are none.
  func take(_ executor: Executor) {
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
/// It stays for as long as the team does. Woken anew for each run it could be put beside the caller on one
/// core, and then stays there: a frame takes a few milliseconds, too short for the system to move it.
private final class Helper: Sendable {
  /// Rises with each run.
  private let runs = Atomic<Int>(0)
  private let isStopped = Atomic<Bool>(false)
  private let isAsleep = Atomic<Bool>(false)
  private let bed = DispatchSemaphore(value: 0)

  init(_ executor: Executor, _ work: SharedWork) {
    // Not Sendable, and safe all the same: an executor is used on its own thread only, and its session
    // changes it only between runs, while no share is to be had.
    nonisolated(unsafe) let executor = executor
    // A queue of its own, because the pool of the global ones may be busy or small.
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
    if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { bed.signal() }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    start()
  }

  /// Returns whether there is another run.
  ///
  /// Frames that follow each other at once find the thread awake.
  private func waitForRun(after seen: Int) -> Bool {
    var turn = 0
    while runs.load(ordering: .acquiring) == seen, turn < 2000 {
      sd_pause(turn)
      turn += 1
    }
    while runs.load(ordering: .sequentiallyConsistent) == seen {
      isAsleep.store(true, ordering: .sequentiallyConsistent)
      // Either the run that begins now is seen here, or whoever began it sees a sleeper.
      if runs.load(ordering: .sequentiallyConsistent) == seen
        || !isAsleep.exchange(false, ordering: .sequentiallyConsistent)
      {
        bed.wait()
      }
    }
    return !isStopped.load(ordering: .relaxed)
  }
}
