internal import Media
package import Output
internal import Pictures

extension Picture {
  /// A copy with objects drawn on it: a box in the colour of the class, its label and its
  /// confidence.
  ///
  /// Labels need a font: the one that the environment variable `STREAM_DETECT_FONT` names, or one
  /// of the usual ones of the system. Without any, boxes are drawn without text.
  ///
  /// - Parameters:
  ///   - objects: What is drawn.
  ///   - drawing: The parts that are drawn.
  /// - Returns: The copy.
  /// - Throws: ``StreamDetectError/media(_:)`` if FFmpeg cannot convert the picture's pixel format.
  public func annotated(
    with objects: [DetectedObject], drawing: Drawing = .all
  ) throws(StreamDetectError) -> Picture {
    let annotator = Annotator(
      overlay: drawing.overlay, labels: [], font: drawing.hasText ? try? Font.system() : nil)
    return try drawn { (copy) throws(MediaError) in
      try annotator.draw(
        objects.map { DrawnObject(detection: $0.detection, label: $0.label, track: $0.trackID) },
        on: copy)
    }
  }

  /// A copy of the part inside a rectangle, grown to whole pixels; `nil` if less than a pixel of
  /// the rectangle lies in the picture.
  ///
  /// - Throws: ``StreamDetectError/media(_:)`` if FFmpeg cannot convert the picture's pixel format.
  public func cropped(to rectangle: PixelRectangle) throws(StreamDetectError) -> Picture? {
    do throws(MediaError) {
      let crop = try drawable().cropped(
        x: Float(rectangle.x), y: Float(rectangle.y), width: Float(rectangle.width),
        height: Float(rectangle.height))
      guard let crop else { return nil }
      return Picture(try VideoFrame(crop))
    } catch {
      throw .media(MediaFailure(error))
    }
  }

  private func drawn(
    _ draw: (Media.Picture) throws(MediaError) -> Void
  ) throws(StreamDetectError) -> Picture {
    do throws(MediaError) {
      let copy = try drawable()
      try draw(copy)
      return Picture(try VideoFrame(copy))
    } catch {
      throw .media(MediaFailure(error))
    }
  }
}

/// The parts of an object that are drawn.
public struct Drawing: OptionSet, Hashable, Sendable {
  /// The parts as bits.
  public let rawValue: Int

  /// Creates a set from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The border of the box.
  public static let box = Drawing(rawValue: 1)
  /// The name of the class.
  public static let label = Drawing(rawValue: 2)
  /// The confidence.
  public static let confidence = Drawing(rawValue: 4)
  /// The number of the track, and in videos where the object was in the last seconds.
  public static let track = Drawing(rawValue: 8)
  /// In videos, zones and lines with their counts.
  public static let zones = Drawing(rawValue: 16)
  /// What is hidden from the model, shaded, and the border of what is analysed at full detail.
  public static let areas = Drawing(rawValue: 32)
  /// All of it but the areas.
  public static let all: Drawing = [.box, .label, .confidence, .track, .zones]

  /// Whether a font is needed.
  var hasText: Bool { !isDisjoint(with: [.label, .confidence, .track, .zones]) }

  /// The parts in the output's terms.
  package var overlay: Overlay {
    var overlay: Overlay = []
    if contains(.box) { overlay.insert(.box) }
    if contains(.label) { overlay.insert(.label) }
    if contains(.confidence) { overlay.insert(.confidence) }
    if contains(.track) { overlay.insert(.track) }
    if contains(.zones) { overlay.insert(.zones) }
    if contains(.areas) { overlay.insert(.areas) }
    return overlay
  }
}
