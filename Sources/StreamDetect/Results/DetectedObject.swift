internal import Annotations
internal import Geometry
internal import Pipeline
internal import SSDLite
internal import Tracking

/// An object that was found in a picture or a frame.
public struct DetectedObject: Hashable, Sendable, Codable {
  /// The name of its class, such as `person`.
  public var label: String
  /// The number of its class in the model, from 1; 0 is the background and never found.
  public var classID: Int
  /// How sure the model is, 0 to 1.
  public var confidence: Double
  /// Where it is, in pixels of the picture.
  public var box: PixelRectangle
  /// Where it is, in fractions of the picture.
  public var relativeBox: RelativeRectangle
  /// The number of its track in its source, from 1; `nil` if it isn't tracked.
  public var trackID: Int?
  /// Whether the model didn't report it in this frame, and its box follows from its track.
  public var isPredicted: Bool
  /// The names of the zones that it is in.
  public var zones: [String] = []
  /// Where it was detected before it had its track, for ``EventFinder``.
  var earlier: [EarlierSighting] = []

  // Without `earlier`, which nobody but the finder needs.
  private enum CodingKeys: String, CodingKey {
    case label, classID, confidence, box, relativeBox, trackID, isPredicted, zones
  }

  /// Creates an object, as for drawing it with ``Picture/annotated(with:drawing:)``.
  ///
  /// - Parameters:
  ///   - label: The name of its class.
  ///   - classID: The number of its class, which decides the colour.
  ///   - confidence: How sure the model is, 0 to 1.
  ///   - relativeBox: Where it is, in fractions of the picture.
  ///   - width: Width of the picture in pixels.
  ///   - height: Height of the picture in pixels.
  ///   - trackID: The number of its track, if it is tracked.
  ///   - isPredicted: Whether its box follows from its track.
  public init(
    label: String, classID: Int, confidence: Double, relativeBox: RelativeRectangle, width: Int,
    height: Int, trackID: Int? = nil, isPredicted: Bool = false
  ) {
    self.label = label
    self.classID = classID
    self.confidence = confidence
    self.relativeBox = relativeBox
    box = relativeBox.pixels(width: width, height: height)
    self.trackID = trackID
    self.isPredicted = isPredicted
  }

  init(
    _ detection: Detection, labels: [String], width: Int, height: Int, track: ObjectTrack? = nil
  ) {
    let inside = detection.box.clipped
    self.init(
      label: ClassLabel.name(of: detection.classID, in: labels), classID: detection.classID,
      confidence: Double(detection.score),
      relativeBox: RelativeRectangle(
        x: Double(inside.xMin), y: Double(inside.yMin),
        width: Double(inside.xMax) - Double(inside.xMin),
        height: Double(inside.yMax) - Double(inside.yMin)),
      width: width, height: height, trackID: track?.id, isPredicted: track?.isPredicted ?? false)
    zones = track?.zones ?? []
  }

  /// The object in the engine's terms.
  var detection: Detection {
    let (x, y) = (relativeBox.x, relativeBox.y)
    return Detection(
      classID: classID, score: Float(confidence),
      box: BoundingBox(
        xMin: Float(x), yMin: Float(y), xMax: Float(x + relativeBox.width),
        yMax: Float(y + relativeBox.height)))
  }
}
