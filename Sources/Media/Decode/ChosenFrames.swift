/// Gives the frames of a source that are wanted, and decodes as little else as it can.
///
/// Where a file isn't what its packets promise, because it is damaged, say, it is read again, and
/// decoded as a whole: the frames are the same in any case. For one thread at a time.
package final class ChosenFrames {
  private var reader: VideoReader
  private let chooser: any FrameChooser
  private let reopen: () throws(MediaError) -> VideoReader
  private var nextIndex = 0
  private var soundEnd: Int64?
  private var isAgain = false
  /// Why all of it had to be decoded after all; `nil` if it hadn't.
  package private(set) var failure: String?
  private var pass: (([Packet]) -> Void)?

  /// Chooses from the frames of `reader`, of which none was read; `reopen` opens the same source.
  package init(
    _ reader: VideoReader, chooser: any FrameChooser,
    reopen: @escaping () throws(MediaError) -> VideoReader
  ) {
    self.reader = reader
    self.chooser = chooser
    self.reopen = reopen
    reader.choose(chooser, decodesAll: false)
  }

  /// The next frame that is wanted; `nil` after the last.
  ///
  /// - Throws: As `VideoReader.next()`.
  package func next() throws(MediaError) -> VideoFrame? {
    while true {
      do throws(MediaError) {
        guard let frame = try reader.next() else { return nil }
        guard frame.index >= nextIndex else { continue }
        nextIndex = frame.index + 1
        return frame
      } catch {
        guard error.code == .lostPlan, !isAgain else { throw error }
        isAgain = true
        failure = error.message
        reader = try reopen()
        reader.choose(chooser, decodesAll: true)
        if let pass { passAudioOn(to: pass) }
      }
    }
  }

  /// The reader that reads at present.
  package var current: VideoReader { reader }

  /// Whether the source ended because no later frame is wanted.
  package var hasEnded: Bool { reader.hasEndedChoice }

  /// How many frames were decided about, wanted or not.
  package var frameCount: Int { reader.frameCount }

  /// The last frame that wasn't wanted: its time stamp in seconds, and its time from the first.
  package var lastPassed: (stamp: Double, t: Double)? {
    reader.choosing?.lastPassed.map { ($0.time.seconds, $0.t) }
  }

  /// Packets that were decoded because of a frame that is wanted; `nil` if all are decoded.
  package var plannedPackets: Int? {
    reader.choosing?.plan == nil ? nil : reader.choosing?.decodedPackets
  }

  /// How often packets were not even read.
  package var jumps: Int { reader.choosing?.jumps ?? 0 }

  /// The audio packets read since the last call, in source order.
  package func takeAudioPackets() -> [Packet] { new(reader.takeAudioPackets()) }

  /// Has `body` called during `next()`, on its thread, with audio packets that would accumulate.
  package func passAudioOn(to body: @escaping ([Packet]) -> Void) {
    pass = body
    reader.passAudioOn { [weak self] packets in body(self?.new(packets) ?? packets) }
  }

  /// The packets that were not given out by an earlier reading.
  private func new(_ packets: [Packet]) -> [Packet] {
    let new = packets.filter { packet in
      guard isAgain, let soundEnd, let pts = packet.pts else { return true }
      return pts > soundEnd
    }
    for packet in new { soundEnd = max(soundEnd ?? .min, packet.pts ?? .min) }
    return new
  }
}
