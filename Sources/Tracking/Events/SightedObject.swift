public import Geometry

/// An object with a track in one frame, as `EventEngine` needs it.
public struct SightedObject: Hashable, Sendable {
  /// The number of its track.
  public var trackID: Int
  /// Where it is, in pixels.
  public var box: PixelBox
  /// How sure the detector is, 0...1.
  public var score: Double
  /// The name of its class.
  public var label: String
  /// Whether the detector didn't report it in this frame; it then changes nothing.
  public var isPredicted: Bool
  /// Where it was detected before it had its track; told with the first sighting.
  public var earlier: [EarlierSighting] = []

  /// Creates a value from its parts.
  public init(
    trackID: Int, box: PixelBox, score: Double, label: String, isPredicted: Bool = false
  ) {
    self.trackID = trackID
    self.box = box
    self.score = score
    self.label = label
    self.isPredicted = isPredicted
  }

  /// Whether its numbers are finite and of a plausible size.
  var isUsable: Bool { box.isSane && score.isFinite }

  /// The object as it was then.
  func at(_ sighting: EarlierSighting) -> SightedObject {
    SightedObject(trackID: trackID, box: sighting.box, score: sighting.score, label: label)
  }
}
