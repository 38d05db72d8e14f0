public import Geometry

/// A box that a detector reports in one frame.
public struct BoxObservation: Hashable, Sendable {
  /// Where the object is, in pixels of the displayed frame.
  public var box: PixelBox
  /// How sure the detector is, 0...1.
  public var score: Double
  /// The number of its class; any numbering will do.
  public var classID: Int

  /// Creates an observation from its parts.
  public init(box: PixelBox, score: Double, classID: Int = 0) {
    self.box = box
    self.score = score
    self.classID = classID
  }

  /// Whether the numbers can be tracked: finite, of a plausible size, and with an area.
  var isUsable: Bool {
    box.isSane && box.width > 0 && box.height > 0 && score >= 0 && score <= 1
  }
}
