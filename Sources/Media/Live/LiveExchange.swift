import Foundation

/// What the thread that reads a live source leaves for the one that decodes it.
final class LiveExchange: @unchecked Sendable {
  // Sendable because everything else is reached with `condition` locked only.

  /// What the reading ended in.
  enum Ending {
    case end
    case broken(FFmpegError)
    case failed(MediaError)
  }

  /// How long the first burst is waited for, in all and for its next packet, in seconds, and how
  /// much it may be.
  private static let burst = (longest: 0.25, pause: 0.02, bytes: 32 << 20)
  /// Damaged stretches that may wait; more say nothing new.
  private static let mostBroken = 64

  private let condition = NSCondition()
  private let keepsAlways: Bool
  private var pace: SourcePace
  private var backlog = PacketBacklog<LivePacket>()
  private var clock = ArrivalClock()
  private var broken: [FFmpegError] = []
  private var ending: Ending?
  private var isStopped = false
  private var repeats = false
  private var hasLeft = false
  /// The packets that came at once, until one had to be waited for; `nil` after that.
  private var first: [PacketBacklog<LivePacket>.Entry]? = []
  private var firstRead: Double?
  private var firstBytes = 0
  private var lastRead = 0.0

  init(keepsAll: Bool, mayBeFile: Bool = false) {
    keepsAlways = keepsAll
    pace = SourcePace(mayBeFile: mayBeFile)
  }

  /// Whether packets wait rather than being left out.
  private var keepsAll: Bool { keepsAlways || pace.mayBeFile }

  /// Seconds of a clock that all times here are from.
  static var now: Double {
    let elapsed = (ContinuousClock.now - origin).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }

  private static let origin = ContinuousClock.now

  /// Reads something, which wakes nobody.
  private func reading<Result>(_ body: () -> Result) -> Result {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    return body()
  }
}

// The reading thread's side.
extension LiveExchange {
  /// Adds a packet that took `waited` seconds to come.
  ///
  /// Waits for room if all packets are kept. Returns whether to read on.
  func add(_ entry: PacketBacklog<LivePacket>.Entry, waited: Double) -> Bool {
    locked {
      lastRead = entry.read
      if entry.isVideo { pace.note(stamp: entry.element.stamp, now: entry.read) }
      if first != nil {
        firstRead = firstRead ?? entry.read
        first?.append(entry)
        firstBytes += entry.bytes
        // What had to be waited for is the newest, and tells how old the others are.
        if waited > ArrivalClock.immediate || entry.read - (firstRead ?? 0) > Self.burst.longest
          || firstBytes > Self.burst.bytes
        {
          endBurst()
        }
        return !isStopped
      }
      entry.element.arrival = clock.arrival(
        stamp: entry.element.stamp, now: entry.read, waited: waited)
      if keepsAll {
        while !isStopped, backlog.isFull(now: entry.read) { condition.wait() }
        backlog.append(entry)
      } else {
        backlog.add(entry)
      }
      return !isStopped
    }
  }

  /// Notes that packets of earlier connections come again.
  func noteRepetition() { locked { repeats = true } }

  /// Notes a damaged stretch.
  func addBroken(_ error: FFmpegError) {
    locked { if broken.count < Self.mostBroken { broken.append(error) } }
  }

  /// Notes how the reading ended, with the thread's last access.
  func finish(_ ending: Ending) {
    locked {
      self.ending = ending
      hasLeft = true
    }
  }

  private func endBurst() {
    guard let entries = first else { return }
    first = nil
    let times = clock.burst(stamps: entries.map(\.element.stamp), now: lastRead)
    for (entry, time) in zip(entries, times) {
      entry.element.arrival = time
      // However old they are: the burst is what the decoder starts with.
      backlog.append(entry)
    }
  }
}

// The decoding thread's side.
extension LiveExchange {
  /// Waits for what comes next.
  func next() throws(MediaError) -> LivePackets.Item {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    while true {
      if first != nil, ending != nil { endBurst() }
      if first == nil, let entry = backlog.take(now: Self.now, mayLeaveOut: !keepsAll) {
        let capture = CaptureTime(
          age: Self.now - entry.element.arrival, said: entry.element.said)
        return .packet(entry.element, isAfterGap: entry.isAfterGap, capture)
      }
      if !broken.isEmpty { return .broken(broken.removeFirst()) }
      switch ending {
      case .end: return .end
      case .broken(let error): return .broken(error)
      case .failed(let error): throw error
      case nil: wait()
      }
    }
  }

  /// Waits for a change, and for the end of the first burst no longer than it may take.
  private func wait() {
    guard let first, !first.isEmpty else { return condition.wait() }
    if !condition.wait(until: Date(timeIntervalSinceNow: Self.burst.pause)),
      Self.now - lastRead >= Self.burst.pause
    {
      endBurst()
    }
  }

  /// Whether the source may be a file, as far as is known.
  var mayBeFile: Bool { reading { pace.mayBeFile } }

  /// Whether there was something that repeats earlier connections.
  var hasRepetition: Bool { locked { repeats } }

  /// How many video packets were left out so far.
  var leftOut: Int { reading { backlog.leftOut } }

  /// Ends the reading and waits until its thread has left.
  func stop() {
    condition.lock()
    isStopped = true
    condition.broadcast()
    while !hasLeft { condition.wait() }
    condition.unlock()
  }
}
