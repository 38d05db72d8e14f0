import Foundation
package import Logging
import Media
import Support

/// Records the packets of one camera.
///
/// Whoever reads the camera calls `take`, which never waits. A thread of the recorder writes: it
/// may be slow or hang as its disk does, and what waits for it is bounded. When writing fails,
/// because the disk is full for one, the recording pauses and is tried again every few seconds; it
/// goes on with the next keyframe. Neither the reading nor the analysis of the camera notices.
package final class Recorder<Packet: RecordedPacket>: @unchecked Sendable {
  // Sendable because all of `state` is reached with `condition` locked only.

  /// What is recorded, and what is kept for it in memory.
  package struct Options: Sendable {
    /// What is recorded.
    package var mode: RecordingMode
    /// The last seconds, for what is asked for later.
    package var ring = PacketRing<Packet>.Limits()
    /// What may wait for the disk.
    package var backlog = WriteBacklog<Packet>.Limits()
    /// Seconds after which a failed recording is tried again.
    package var retryDelay = 3.0

    /// Options with the usual limits.
    package init(_ mode: RecordingMode) { self.mode = mode }
  }

  private struct State {
    var demand: RecordingDemand
    var ring: PacketRing<Packet>
    var backlog: WriteBacklog<Packet>
    var isRecording = false
    /// The number of the last packet, and of the last one that was wanted.
    var last = 0
    var lastWanted = 0
    var counts = RecordingCounts()
    /// Flushes that were asked for, and that were done.
    var flushes = (asked: 0, done: 0)
    var isStopped = false
    var hasLeft = false
  }

  private let condition = NSCondition()
  private var state: State

  /// Begins to record what `take` gets, until `stop`; `name` is that of the camera, for the log.
  package init(
    _ name: String, _ options: Options, into storage: any SegmentStorage<Packet>, logger: Logger
  ) {
    state = State(
      demand: RecordingDemand(options.mode), ring: PacketRing(limits: options.ring),
      backlog: WriteBacklog(limits: options.backlog))
    let run = RecorderRun(name, storage, retryDelay: options.retryDelay, logger)
    let isStarted = SystemThread.detach("recorder") { [self] in write(with: run) }
    guard !isStarted else { return }
    state.hasLeft = true
    logger.error("nothing of \(name) is recorded: the system gives no thread for it")
  }

  /// What was recorded and what is missing so far.
  package var counts: RecordingCounts {
    locked { state in
      var counts = state.counts
      counts.leftOut += state.backlog.leftOut
      return counts
    }
  }

  private func locked<Result>(_ body: (inout State) -> Result) -> Result {
    condition.lock()
    defer { condition.unlock() }
    return body(&state)
  }
}

extension Recorder: PacketConsumer where Packet == TappedPacket {}

// For whoever reads the camera, and knows what happens before it.
extension Recorder {
  /// Takes the next packet; never waits for the disk.
  package func take(_ packet: Packet) {
    locked { state in
      guard !state.isStopped, !state.hasLeft else { return }
      state.last += 1
      state.ring.add(packet, number: state.last)
      guard state.isRecording else {
        if state.demand.wants(packet.arrival) { start(&state, from: packet.arrival) }
        return
      }
      // To the end of the group of pictures, so that what follows later begins where this ends.
      let late = packet.arrival - state.demand.until
      if !state.demand.wants(packet.arrival), packet.isKeyframe || late > Self.longestGroup {
        state.isRecording = false
        state.backlog.addEnd()
      } else {
        state.backlog.add(packet)
        state.lastWanted = state.last
      }
      condition.broadcast()
    }
  }

  /// Records from `preRoll` seconds before `moment` on, until `end` is called for the same cause.
  ///
  /// `moment` is in seconds of `RecorderClock`. What is no longer in the ring is missing; what is
  /// recorded already isn't recorded again.
  package func begin(_ cause: Int, at moment: Double, preRoll: Double) {
    locked { state in
      state.demand.begin(cause)
      if !state.isRecording { start(&state, from: moment - preRoll) }
    }
  }

  /// Records for `postRoll` seconds after `moment` still, and longer if there are other causes.
  package func end(_ cause: Int, at moment: Double, postRoll: Double) {
    locked { state in state.demand.end(cause, until: moment + postRoll) }
  }

  /// Records from `preRoll` seconds before `moment` up to `postRoll` seconds after it, as motion
  /// wants it that is told anew again and again.
  package func extend(at moment: Double, preRoll: Double, postRoll: Double) {
    locked { state in
      state.demand.extend(until: moment + postRoll)
      if !state.isRecording { start(&state, from: moment - preRoll) }
    }
  }

  /// A group of pictures that lasts longer than this, in seconds, doesn't hold up the end.
  private static var longestGroup: Double { 60 }

  private func start(_ state: inout State, from moment: Double) {
    guard !state.isStopped else { return }
    state.isRecording = true
    for packet in state.ring.packets(from: moment, after: state.lastWanted) {
      state.backlog.add(packet)
    }
    state.lastWanted = state.last
    condition.broadcast()
  }
}

// For whoever wants to read what is recorded.
extension Recorder {
  /// Has everything that was taken brought to the disk, as far as files can have it.
  ///
  /// Returns whether that was done within `seconds`.
  package func flush(within seconds: Double) -> Bool {
    let limit = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    defer { condition.unlock() }
    state.flushes.asked += 1
    let wanted = state.flushes.asked
    condition.broadcast()
    while state.flushes.done < wanted, !state.hasLeft {
      guard condition.wait(until: limit) else { return false }
    }
    return state.flushes.done >= wanted
  }

  /// Ends the recording; what was taken is written.
  ///
  /// Returns whether that was done within `seconds`; a disk that hangs may do it later.
  @discardableResult
  package func stop(within seconds: Double) -> Bool {
    let limit = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    defer { condition.unlock() }
    state.isStopped = true
    condition.broadcast()
    while !state.hasLeft {
      guard condition.wait(until: limit) else { return false }
    }
    return true
  }
}

// The thread that writes.
extension Recorder {
  private func write(with run: RecorderRun<Packet>) {
    var isLast = false
    while !isLast {
      condition.lock()
      if state.backlog.isEmpty, !state.isStopped, state.flushes.done == state.flushes.asked {
        // Woken now and then for what is due without a packet.
        _ = condition.wait(until: Date(timeIntervalSinceNow: 1))
      }
      let items = state.backlog.takeAll()
      let flushes = state.flushes.asked
      let wantsFlush = state.flushes.done < flushes
      isLast = state.isStopped && items.isEmpty
      condition.unlock()

      run.write(items)
      if wantsFlush { run.flush() }
      run.tidy()
      if isLast { run.finish() }

      condition.lock()
      state.counts = run.counts
      state.flushes.done = flushes
      state.hasLeft = isLast
      condition.broadcast()
      condition.unlock()
    }
  }
}
