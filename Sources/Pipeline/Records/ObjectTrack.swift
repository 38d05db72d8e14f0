internal import Tracking

/// The track that a detection belongs to.
public struct ObjectTrack: Hashable, Sendable {
  /// Its number in the source, from 1.
  public var id: Int
  /// Whether the detector didn't report the object in this frame.
  public var isPredicted: Bool
  /// The names of the zones that it is in.
  public var zones: [String] = []
  /// Where it was detected before it had its number, until its events are found.
  var earlier: [EarlierSighting] = []

  /// Creates a value from its parts.
  public init(id: Int, isPredicted: Bool = false) {
    self.id = id
    self.isPredicted = isPredicted
  }
}
