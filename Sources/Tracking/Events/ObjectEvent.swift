public import Geometry

/// Something that happened to an object with a track.
public struct ObjectEvent: Hashable, Sendable {
  /// What happened.
  public enum Kind: Hashable, Sendable {
    /// It was seen for the first time.
    case started
    /// It entered a zone, in which so many objects are then.
    case entered(zone: String, occupancy: Int)
    /// It left a zone after so many seconds; so many objects are still in it.
    case left(zone: String, dwell: Double, occupancy: Int)
    /// It has been in a zone for as long as the zone calls loitering.
    case loitered(zone: String, dwell: Double)
    /// It crossed a line, as the `total`th in this direction.
    case crossed(line: String, direction: CountingLine.Direction, total: Int)
    /// It has stood still for some time.
    case stopped
    /// It moves again.
    case moved
    /// It was seen for the last time, so many seconds after it had started.
    case ended(duration: Double)
  }

  /// What happened.
  public var kind: Kind
  /// The number of its track.
  public var trackID: Int
  /// How often the track has started: 2 or more if it came back after it had ended.
  public var appearance: Int
  /// When it happened, in seconds.
  public var time: Double
  /// The number of the first frame at or after that time.
  public var frame: Int
  /// The class of the object: the one that it had in most frames, weighted with the scores.
  public var label: String
  /// The median of its last scores, at most ten.
  public var score: Double
  /// Where it was when it was next seen, or when it was last seen for `ended`, in pixels.
  public var box: PixelBox
  /// All zones in which it has been so far, in the order in which it entered them.
  public var zones: [String]
  /// Whether it has stood still for some time.
  public var isStationary: Bool
}

extension ObjectEvent {
  /// What all events of the object have in common, and no other object of the source: the same in
  /// every run.
  public func id(in source: String) -> String {
    "\(source)-\(trackID)" + (appearance > 1 ? ".\(appearance)" : "")
  }
}
