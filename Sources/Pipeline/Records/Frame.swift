package import Foundation
package import Media
package import Pictures

/// A decoded frame of a source, from the decoder to the sinks.
///
/// Its index and time count from the first frame of the source, over all connections, and its
/// picture carries the same ones.
package struct Frame: Sendable {
  /// The user's stable name for the source.
  package var source: String
  package private(set) var index: Int
  /// The raw presentation time stamp, in ticks of the stream's time base.
  package var pts: Int64?
  package private(set) var t: Double
  /// When it was captured; live sources only.
  package var wall: Date?
  /// When it was captured and when it arrived; live sources only.
  package var capture: CaptureTime? { didSet { wall = capture?.wall ?? wall } }
  /// Seconds from its capture to its result; live sources only.
  package var lag: Double?
  /// Width as displayed, in pixels.
  package var width: Int
  /// Height as displayed, in pixels.
  package var height: Int
  package var isKeyframe: Bool
  package var isCorrupt: Bool
  /// The pixels; released once they have been scaled, unless a sink wants them.
  package var picture: VideoFrame?
  /// The audio read since the previous frame.
  package var audio: [Packet] = []
  /// Its luma at the network's size, from the worker to the tracker.
  package var luma: LumaImage?
  /// What is hidden from the network, and what is analysed at full detail, if there is any.
  package var areas: PlacedAreas?

  /// Makes a frame from its parts.
  package init(
    source: String = "", index: Int, pts: Int64?, t: Double, wall: Date? = nil, width: Int,
    height: Int, isKeyframe: Bool = true, isCorrupt: Bool = false, picture: VideoFrame? = nil,
    audio: [Packet] = []
  ) {
    self.source = source
    self.index = index
    self.pts = pts
    self.t = t
    self.wall = wall
    self.width = width
    self.height = height
    self.isKeyframe = isKeyframe
    self.isCorrupt = isCorrupt
    self.picture = picture
    self.audio = audio
  }

  /// Makes a frame of a decoded picture.
  package init(_ picture: VideoFrame) {
    self.init(
      index: picture.index, pts: picture.pts, t: picture.t, width: picture.width,
      height: picture.height, isKeyframe: picture.isKeyframe, isCorrupt: picture.isCorrupt,
      picture: picture)
    capture = picture.capture
    wall = picture.capture?.wall
  }

  /// Moves the frame, with its picture, from its place in one connection to its place in the run.
  ///
  /// Only for the thread that has decoded the frame, before it hands the frame on.
  package mutating func shift(index indexOffset: Int, t secondsOffset: Double) {
    index += indexOffset
    t += secondsOffset
    picture?.move(index: index, t: t)
  }
}
