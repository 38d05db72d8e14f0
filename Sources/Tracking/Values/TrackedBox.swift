public import Geometry

/// A tracked object in one frame.
public struct TrackedBox: Hashable, Sendable {
  /// The number of its track: from 1, in the order in which tracks are confirmed.
  public var trackID: Int
  /// Where it is according to its motion so far, clipped to the frame if its size is known.
  public var box: PixelBox
  /// The score of its observation; for a predicted box, the median of the track's last scores.
  public var score: Double
  /// The class that most of the track's observations have, weighted with their scores.
  public var classID: Int
  /// The place of its observation among those of the frame; `nil` for a predicted box.
  public var observation: Int?
  /// Whether the object has stayed in its place for some seconds.
  public var isStationary: Bool
  /// In the first frame of a track its detections in frames before, of the last ten seconds; an
  /// offline tracker gives those frames the track itself.
  public var earlier: [EarlierSighting] = []

  /// Whether the detector didn't report the object in this frame.
  public var isPredicted: Bool { observation == nil }

  /// Creates a value from its parts.
  public init(
    trackID: Int, box: PixelBox, score: Double, classID: Int, observation: Int?,
    isStationary: Bool = false
  ) {
    self.trackID = trackID
    self.box = box
    self.score = score
    self.classID = classID
    self.observation = observation
    self.isStationary = isStationary
  }
}
