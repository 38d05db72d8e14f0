import CFFmpeg
import Foundation
internal import Support

/// Reads a live source on a thread of its own, whether or not the decoder keeps up.
///
/// A source that isn't read keeps its frames in buffers of the system, the network and the sender,
/// where they age unseen. So this thread always reads; what waits for the decoder is bounded (see
/// `PacketBacklog`), and the time of each packet is that of its arrival.
final class LivePackets: Sendable {
  /// What the decoder gets next.
  enum Item {
    /// A packet, whether the decoder has to start anew before it, and when it was captured.
    case packet(LivePacket, isAfterGap: Bool, CaptureTime)
    case end
    /// A damaged stretch, after which packets may follow, or the end in an error.
    case broken(FFmpegError)
  }

  /// Streams to read, and how.
  struct Plan: Sendable {
    var video: Int
    var videoTimeBase: TimeBase
    var audio: Int?
    /// Whether time stamps come from the source, rather than being made up by FFmpeg.
    var hasStamps: Bool
    /// Whether media comes in segments of several seconds, each as fast as it can be sent.
    var isSegmented: Bool
    /// Whether packets wait rather than being left out: then the source isn't always read.
    var keepsAll: Bool
    /// Whether the source may be a file whose length the server doesn't tell.
    var mayBeFile = false
    /// What was read over earlier connections, if what they repeat is left out.
    var read: ReadPackets?
    /// Whether the source has a known length, and so begins with its first packet.
    var isFinite = false
    /// Who gets the packets besides the decoder.
    var tap: (packets: PacketTap, consumer: any PacketConsumer)?
  }

  private let demuxer: FormatContext
  private let shared: LiveExchange

  /// Starts to read; if the system gives no thread for it, that is what `next` throws.
  init(_ demuxer: FormatContext, _ plan: Plan) {
    self.demuxer = demuxer
    shared = LiveExchange(keepsAll: plan.keepsAll, mayBeFile: plan.mayBeFile)
    let reader = LiveReading(demuxer, plan, shared)
    guard !SystemThread.detach("live-demux", { reader.run() }) else { return }
    shared.finish(
      .failed(MediaError(errno: EAGAIN, call: "pthread_create", source: demuxer.source)))
  }

  /// Waits for what comes next.
  ///
  /// - Throws: `MediaError` if the source failed or the reading was cancelled.
  func next() throws(MediaError) -> Item { try shared.next() }

  /// Whether the source may be a file, or is one, and nothing of it is left out.
  var mayBeFile: Bool { shared.mayBeFile }

  /// Whether there was something that repeats earlier connections.
  var hasRepetition: Bool { shared.hasRepetition }

  /// How many video packets were left out so far.
  var leftOut: Int { shared.leftOut }

  // Waits for the thread: a camera can't be opened again before it is closed.
  deinit {
    demuxer.interrupt.abandon()
    shared.stop()
  }
}
