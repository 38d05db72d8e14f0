internal import Foundation

/// Calls on files that may never return: a network drive whose server is gone doesn't answer.
///
/// Every call on a path that a user names goes through here, because `stat` alone may hang and no
/// signal ends it. It is made on a thread that can be given up (`GivenUpCall`), with a limit for
/// each step. What is on a drive that hasn't answered then fails at once (`StuckDrives`), so that
/// hundreds of files on it cost one wait.
package enum DiskCall {
  /// How long one step may take, in seconds.
  ///
  /// A disk that sleeps needs up to ten to turn again.
  package static let limit = 10.0

  /// Makes `call` on what `path` leads to.
  ///
  /// A `body` of several steps tells the work when one begins. What it captures has to live on its
  /// own, because it may be used long after this function has returned.
  ///
  /// - Throws: What `body` throws; `ETIMEDOUT` if a step takes longer than `limit`, or the drive is
  ///   known not to answer.
  package static func run<Value: Sendable>(
    _ call: String, _ path: String, limit: Double = limit,
    _ body: @escaping @Sendable (DiskWork) throws(FileError) -> Value
  ) throws(FileError) -> Value {
    let mostWaits = max(1, Int(limit / GivenUpCall.interval))
    let work = DiskWork(path)
    var waits = 0
    var steps = work.steps
    let outcome: Result<Value, FileError>
    do throws(GivenUpCall.Failure) {
      // Waits are counted, not time: the program's own pauses are not the drive's.
      outcome = try run(
        work,
        until: {
          waits = work.steps == steps ? waits + 1 : 0
          steps = work.steps
          return waits >= mostWaits
        },
        { work in Result { () throws(FileError) in try body(work) } })
    } catch .noThread {
      throw FileError(code: EAGAIN, call: "pthread_create", path: path)
    } catch {
      throw FileError(code: ETIMEDOUT, call: call, path: work.path)
    }
    return try outcome.get()
  }

  /// Makes a call on what `path` leads to, for as long as the caller wants to wait.
  ///
  /// - Throws: `givenUp` also if the drive is known not to answer.
  package static func run<Value: Sendable>(
    _ path: String, until isGivenUp: () -> Bool, _ body: @escaping @Sendable () -> Value
  ) throws(GivenUpCall.Failure) -> Value {
    try run(DiskWork(path), until: isGivenUp) { _ in body() }
  }

  private static func run<Value: Sendable>(
    _ work: DiskWork, until isGivenUp: () -> Bool,
    _ body: @escaping @Sendable (DiskWork) -> Value
  ) throws(GivenUpCall.Failure) -> Value {
    if StuckDrives.hold(work.path) { throw .givenUp }
    do throws(GivenUpCall.Failure) {
      return try GivenUpCall.run(until: isGivenUp) {
        defer { work.end() }
        return body(work)
      }
    } catch {
      if case .givenUp = error { StuckDrives.add(work) }
      throw error
    }
  }

  /// Makes the same call on many paths; `nil` for those on drives that don't answer.
  ///
  /// All of them share a thread for as long as they return.
  package static func each<Value: Sendable>(
    _ call: String, _ paths: [String], limit: Double = limit,
    _ body: @escaping @Sendable (String) -> Value
  ) -> [Value?] {
    var values: [Value?] = []
    while values.count < paths.count {
      let rest = paths[values.count...]
      let found = Locked<[Value?]>([])
      try? run(call, rest[rest.startIndex], limit: limit) { work throws(FileError) in
        for path in rest {
          work.begin(path)
          let value = StuckDrives.hold(path) ? nil : body(path)
          guard !work.isGivenUp else { return }
          found.withLock { $0.append(value) }
        }
      }
      values += found.withLock { $0 }
      if values.count < paths.count { values.append(nil) }
    }
    return values
  }
}

/// What a `DiskCall` does at the moment, shared by the thread that does it and the one that waits.
package final class DiskWork: Sendable {
  private struct State {
    var path: String
    var steps = 0
    var isDone = false
    var isGivenUp = false
  }

  private let state: Locked<State>

  init(_ path: String) { state = Locked(State(path: path)) }

  /// Says that the next step begins: a call on `path`.
  func begin(_ path: String) {
    state.withLock {
      $0.path = path
      $0.steps += 1
    }
  }

  /// Says that another step of the same call begins.
  package func goOn() { state.withLock { $0.steps += 1 } }

  func end() { state.withLock { $0.isDone = true } }

  /// Says that nobody waits any longer; returns whether the call still hangs.
  func giveUp() -> Bool {
    state.withLock {
      $0.isGivenUp = true
      return !$0.isDone
    }
  }

  var path: String { state.withLock { $0.path } }
  var steps: Int { state.withLock { $0.steps } }
  var isDone: Bool { state.withLock { $0.isDone } }
  var isGivenUp: Bool { state.withLock { $0.isGivenUp } }
}
