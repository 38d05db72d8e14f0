package import Foundation
package import Media

/// A decoded frame on its way to a worker.
package struct DecodedFrame: Sendable {
  /// The user's name for its source.
  package var source: String
  package var index: Int
  package var pts: Int64?
  package var t: Double
  package var wall: Date?
  package var width: Int
  package var height: Int
  package var isKeyframe: Bool
  package var isCorrupt: Bool
  /// Given up once scaled, unless a sink wants it.
  package var picture: VideoFrame?
  /// The audio read since the frame before.
  package var audio: [Packet] = []

  package init(
    source: String, index: Int, pts: Int64?, t: Double, width: Int, height: Int,
    isKeyframe: Bool = true, isCorrupt: Bool = false, picture: VideoFrame? = nil
  ) {
    self.source = source
    self.index = index
    self.pts = pts
    self.t = t
    self.width = width
    self.height = height
    self.isKeyframe = isKeyframe
    self.isCorrupt = isCorrupt
    self.picture = picture
  }
}

/// Frames of one opened source, for one thread at a time.
package protocol FrameSource: AnyObject {
  var info: StreamInfo { get }
  /// The audio stream whose packets `takeAudio` gives.
  var audio: AudioParameters? { get }
  /// Packets that gave no frame so far.
  var failedFrames: Int { get }
  /// Time stamps repaired so far.
  var repairedTimestamps: Int { get }
  /// One sentence on why the end of the stream came early, if it did.
  var truncation: String? { get }

  /// The next frame in order of presentation; `nil` at the end of the stream.
  func next() throws(MediaError) -> DecodedFrame?

  /// The audio packets read since the last call.
  func takeAudio() -> [Packet]
}

/// Opens sources on the threads that will read them.
package protocol FrameSourceOpener: Sendable {
  func open(
    _ source: MediaSource, wantsAudio: Bool, cancellation: Cancellation
  ) throws(MediaError) -> any FrameSource
}
