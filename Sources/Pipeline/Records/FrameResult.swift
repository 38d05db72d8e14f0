public import Foundation
public import SSDLite
public import Media
package import Pictures
public import Tracking

/// What was found in one frame.
public struct FrameResult: Sendable {
  /// The analysed frame.
  package var origin: Frame
  /// The objects by falling score; boxes in fractions of the displayed frame.
  public var detections: [Detection]
  /// The class of each pixel, of a run that segments frames.
  package var pixelClasses: PixelClasses?
  /// The track of each detection; empty if objects aren't tracked.
  public var tracks: [ObjectTrack?] = []
  /// What is known with this frame to have happened to tracked objects.
  public var events: [ObjectEvent] = []
  /// The state of zones and lines after these events; `nil` if events aren't looked for.
  public var zoneCounts: ZoneCounts?

  package init(_ origin: Frame, detections: [Detection]) {
    self.origin = origin
    self.detections = detections
  }

  /// Makes a record from its parts.
  public init(
    source: String, frame: VideoFrame? = nil, index: Int, pts: Int64?, t: Double,
    wall: Date? = nil, lag: Double? = nil, width: Int, height: Int, isCorrupt: Bool = false,
    detections: [Detection], audio: [Packet] = []
  ) {
    self.init(
      Frame(
        source: source, index: index, pts: pts, t: t, wall: wall, width: width, height: height,
        isCorrupt: isCorrupt, picture: frame, audio: audio),
      detections: detections)
    origin.lag = lag
  }
}

extension FrameResult {
  /// The track of the detection at `index`; `nil` if it has none.
  public func track(of index: Int) -> ObjectTrack? {
    index < tracks.count ? tracks[index] : nil
  }

  /// The user's stable name for the source.
  public var source: String {
    get { origin.source }
    set { origin.source = newValue }
  }

  /// The picture, with the same index and time; only if the sink asks for pictures.
  public var frame: VideoFrame? { origin.picture }

  /// The place among all decoded frames of the source in order of presentation, from 0.
  public var index: Int { origin.index }

  /// The raw presentation time stamp, in ticks of the stream's time base.
  public var pts: Int64? { origin.pts }

  /// Seconds from the source's first frame; never falls.
  public var t: Double { origin.t }

  /// When the frame was captured; live sources only.
  public var wall: Date? { origin.wall }

  /// Seconds from the capture of the frame to its result; live sources only.
  public var lag: Double? { origin.lag }

  /// Width as displayed, in pixels.
  public var width: Int { origin.width }

  /// Height as displayed, in pixels.
  public var height: Int { origin.height }

  /// Whether the decoder hid damage in the picture.
  public var isCorrupt: Bool { origin.isCorrupt }

  /// The audio read since the previous frame; only if the sink asks for audio.
  public var audio: [Packet] { origin.audio }
}
