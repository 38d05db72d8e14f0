public import Foundation
public import SSDLite
public import Media

/// What was found in one frame.
public struct FrameResult: Sendable {
  /// The user's stable name for the source.
  public var source: String
  /// The picture; kept only where a sink asks for pictures.
  public var frame: VideoFrame?
  /// The place among all decoded frames of the source in order of presentation, from 0.
  public var index: Int
  /// The raw presentation time stamp, in ticks of the stream's time base.
  public var pts: Int64?
  /// Seconds from the source's first frame; never falls.
  public var t: Double
  /// When the frame came out of the decoder; live sources only.
  public var wall: Date?
  /// Width as displayed, in pixels.
  public var width: Int
  /// Height as displayed, in pixels.
  public var height: Int
  /// Whether the decoder hid damage in the picture.
  public var isCorrupt: Bool
  /// The objects by falling score; boxes in fractions of the displayed frame.
  public var detections: [Detection]
  /// The audio read since the frame before; only where a sink asks for audio.
  public var audio: [Packet]

  /// Makes a record from its parts.
  public init(
    source: String, frame: VideoFrame? = nil, index: Int, pts: Int64?, t: Double,
    wall: Date? = nil, width: Int, height: Int, isCorrupt: Bool = false, detections: [Detection],
    audio: [Packet] = []
  ) {
    self.source = source
    self.frame = frame
    self.index = index
    self.pts = pts
    self.t = t
    self.wall = wall
    self.width = width
    self.height = height
    self.isCorrupt = isCorrupt
    self.detections = detections
    self.audio = audio
  }
}
