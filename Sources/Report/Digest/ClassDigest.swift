/// The objects of one class in a source.
package struct ClassDigest: Sendable {
  /// The name of the class.
  package let label: String
  /// Its objects in all frames.
  package var objects = 0
  /// Its objects that have a track.
  package var tracked = 0
  /// The frames that it is in.
  package var frames = 0
  /// The most of its objects in one frame.
  package var peak = 0
  /// The highest confidence.
  package var bestConfidence = 0.0
  /// When it is seen first.
  package var first: Double?
  /// When it is seen last.
  package var last: Double?
  /// Where its objects are; `nil` if that isn't kept, or the size of the frames isn't known.
  package var heat: HeatGrid?
  /// Whether it is kept when and where its objects are; `nil` until there is a first.
  var isDetailed: Bool?

  init(label: String) { self.label = label }
}

/// Something that happened to one object.
package struct EventDigest: Sendable {
  /// When, in seconds from the first frame.
  package let t: Double
  /// What: `start`, `enter`, `cross` and so on.
  package let what: String
  /// The class of the object, by its place among the classes of the source.
  package let classIndex: Int
  /// The number of its track.
  package let trackID: Int?
  /// How sure it is.
  package let confidence: Double?
  /// The zone or the line.
  package let place: String?
  /// The direction in which a line is crossed.
  package let direction: String?
  /// Seconds in a zone.
  package let dwell: Double?
}

/// A time in which no frame of a source was analysed.
package struct GapDigest: Hashable, Sendable {
  /// The time of the last frame before it.
  package let start: Double
  /// The time of the first frame after it.
  package let end: Double
  /// Why, in a word; `nil` if the lines don't say.
  package let reason: String?
}
