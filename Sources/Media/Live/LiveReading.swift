import CFFmpeg
import Foundation
internal import Support

/// The work of the thread that reads a live source.
struct LiveReading: Sendable {
  /// After more failed reads in a row than this, no packet is expected any more.
  private static let mostBroken = 32
  /// More seconds than that of a wait in which the process didn't run were a pause of its own.
  private static let longestTick = 0.5

  private let demuxer: FormatContext
  private let plan: LivePackets.Plan
  private let exchange: LiveExchange

  init(_ demuxer: FormatContext, _ plan: LivePackets.Plan, _ exchange: LiveExchange) {
    self.demuxer = demuxer
    self.plan = plan
    self.exchange = exchange
  }

  /// Reads until the source ends, fails, or is given up.
  func run() {
    do {
      exchange.finish(try read())
    } catch {
      exchange.finish(.failed(error))
    }
  }

  private func read() throws(MediaError) -> LiveExchange.Ending {
    let packet = try PacketBuffer()
    var pacer = SegmentPacer()
    var repeated = plan.read.map { RepeatedPackets($0, isFinite: plan.isFinite) }
    var failures = 0
    while true {
      let asked = (time: LiveExchange.now, awake: AwakeClock.process.now)
      switch try demuxer.read(into: packet) {
      case .packet:
        failures = 0
        guard try take(packet, waited: Self.waited(since: asked), &pacer, &repeated) else {
          return .end
        }
      case .end, .unfinished:
        return .end
      case .broken(let error):
        failures += 1
        guard error.code == SD_AVERROR_INVALIDDATA, failures <= Self.mostBroken else {
          return .broken(error)
        }
        exchange.addBroken(error)
      }
    }
  }

  /// How long a packet that is there now had to be waited for, in seconds.
  static func waited(since asked: (time: Double, awake: Double)) -> Double {
    let waited = LiveExchange.now - asked.time
    // What came in a pause of this process didn't have to be waited for.
    let hasPaused = waited - (AwakeClock.process.now - asked.awake) > longestTick
    return hasPaused ? 0 : waited
  }

  /// Passes a packet on; returns whether to read on.
  private func take(
    _ packet: borrowing PacketBuffer, waited: Double, _ pacer: inout SegmentPacer,
    _ repeated: inout RepeatedPackets?
  ) throws(MediaError) -> Bool {
    let raw = unsafe packet.raw
    let index = unsafe Int(raw.pointee.stream_index)
    let isVideo = index == plan.video
    let bytes = unsafe Int(raw.pointee.size)
    // An empty packet would tell the decoder to drain.
    guard isVideo || index == plan.audio, bytes > 0 else {
      try tap(packet, waited: waited)
      return true
    }
    let isKeyframe = unsafe raw.pointee.flags & AV_PKT_FLAG_KEY != 0
    let timeBase = isVideo ? plan.videoTimeBase : demuxer.timeBase(ofStream: index)
    let isRepeated =
      repeated?.isRepeated(packet, isVideo: isVideo, after: waited) ?? false
    let element = try LivePacket(taking: packet, timeBase: timeBase, hasStamps: plan.hasStamps)
    var entry = PacketBacklog<LivePacket>.Entry(
      element: element, isVideo: isVideo, isKeyframe: isKeyframe, bytes: bytes,
      read: LiveExchange.now)
    if isRepeated {
      exchange.noteRepetition()
      if isVideo { repeated?.hold(entry) }
      return true
    }
    if isVideo {
      for held in repeated?.takeHeld(before: isKeyframe) ?? [] {
        guard exchange.add(held, waited: 0) else { return false }
      }
    }
    if plan.isSegmented, let stamp = element.stamp { pause(until: pacer.due(stamp)) }
    try tap(element.buffer, waited: waited)
    entry.read = LiveExchange.now
    return exchange.add(entry, waited: plan.isSegmented ? .infinity : waited)
  }

  /// Gives a packet to whoever records the source.
  private func tap(_ packet: borrowing PacketBuffer, waited: Double) throws(MediaError) {
    guard let tap = plan.tap, let tapped = try tap.packets.take(packet, waited: waited) else {
      return
    }
    tap.consumer.take(tapped)
  }

  /// Waits until a moment, in steps that a cancellation ends.
  private func pause(until time: Double) {
    while !demuxer.interrupt.isCancelled {
      let left = time - LiveExchange.now
      guard left > 0 else { return }
      Thread.sleep(forTimeInterval: min(left, 0.05))
    }
  }
}

/// Spreads the packets of a segment over the time that it lasts.
///
/// HLS and DASH deliver several seconds at once. Taken as they come, most frames of a segment would
/// find no worker free, and then there would be none for seconds.
struct SegmentPacer {
  /// Further than this from its time, in seconds, a time stamp has jumped or the network is slow.
  private static let longest = 30.0

  private var anchor: (stamp: Double, time: Double)?

  /// When a packet with this time stamp, in seconds, is due.
  mutating func due(_ stamp: Double, now: Double = LiveExchange.now) -> Double {
    if let anchor {
      let time = anchor.time + stamp - anchor.stamp
      if time >= now - 1, time <= now + Self.longest { return time }
    }
    anchor = (stamp, now)
    return now
  }
}
