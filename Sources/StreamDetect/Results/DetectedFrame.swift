public import Foundation
internal import Pipeline

/// A frame of a source, and the objects in it.
public struct DetectedFrame: Sendable {
  /// The name of its source.
  public var source: String
  /// Its place among all frames of the source, from 0; frames that were skipped count.
  public var index: Int
  /// The time stamp in the file, in ticks of the stream's time base; `nil` if it has none.
  public var pts: Int64?
  /// Seconds from the first frame of the source; never decreases.
  public var time: Double
  /// When it was captured, or arrived if that isn't known; live sources only.
  public var wallTime: Date?
  /// Seconds from its capture to its result; live sources only.
  public var lag: Double?
  /// Width as displayed, in pixels.
  public var width: Int
  /// Height as displayed, in pixels.
  public var height: Int
  /// Whether the decoder repaired damage in it, so that parts may be guessed.
  public var isCorrupt: Bool
  /// The objects, the most confident first.
  public var objects: [DetectedObject]
  /// What is known with this frame to have happened; only with zones, lines or
  /// ``ObjectOptions/reportsEvents``.
  public var events: [ObjectEvent]
  /// The picture; only if ``ReadingOptions/keepsPictures`` was set.
  public var picture: Picture?

  init(_ result: FrameResult, labels: [String], keepsPicture: Bool) {
    source = result.source
    index = result.index
    pts = result.pts
    time = result.t
    wallTime = result.wall
    lag = result.lag
    width = result.width
    height = result.height
    isCorrupt = result.isCorrupt
    objects = result.detections.enumerated().map { index, detection in
      DetectedObject(
        detection, labels: labels, width: result.width, height: result.height,
        track: result.track(of: index))
    }
    let origin = result.wall?.addingTimeInterval(-result.t)
    events = result.events.map { ObjectEvent($0, source: result.source, origin: origin) }
    picture = keepsPicture ? result.frame.map { Picture($0) } : nil
  }
}
