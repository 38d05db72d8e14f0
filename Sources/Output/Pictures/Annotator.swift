internal import Annotations
internal import Pipeline
internal import SSDLite
internal import Support
internal import Geometry
package import Media
public import Pictures

/// Draws detections into pictures, with one colour per class.
public struct Annotator {
  let overlay: Overlay
  private let labels: [String]
  let font: Font?

  /// Creates an annotator; `labels` are the model's names by class id, 0 the background.
  ///
  /// Without a font no text is drawn.
  public init(overlay: Overlay, labels: [String], font: Font?) {
    self.overlay = overlay
    self.labels = labels
    self.font = font
  }

  /// Colours each pixel with its class, but for the background's.
  func draw(_ map: PixelClasses, on picture: Picture) throws(MediaError) {
    try picture.draw(map, opacity: 0.5) { $0 == 0 ? nil : ClassPalette.color(of: $0) }
  }

  /// Draws the objects of a frame into its picture, the best ones on top.
  func draw(_ result: FrameResult, on picture: Picture) throws(MediaError) {
    let objects = result.detections.enumerated().map { index, detection in
      DrawnObject(
        detection: detection, label: ClassLabel.name(of: detection.classID, in: labels),
        track: result.track(of: index)?.id)
    }
    try draw(objects, on: picture)
  }

  /// Draws the areas of a frame, if the overlay includes them.
  func draw(_ areas: PlacedAreas, on picture: Picture) throws(MediaError) {
    guard overlay.contains(.areas) else { return }
    let (width, height) = (Double(picture.width), Double(picture.height))
    for mask in areas.masks {
      let polygon = Polygon(mask.map { Point(x: $0.x * width, y: $0.y * height) })
      try picture.shade(polygon, color: Color(hex: 0x808080), opacity: 0.6)
    }
    for detail in areas.details {
      let box = detail.scaled(x: width, y: height)
      try picture.drawBox(
        x: Float(box.x), y: Float(box.y), width: Float(box.width), height: Float(box.height),
        label: nil, color: .white, font: nil)
    }
  }

  /// Draws where tracked objects were, if the overlay includes it.
  func draw(_ trails: Trails, on picture: Picture) throws(MediaError) {
    guard overlay.contains(.track) else { return }
    let side = Float(picture.lineThickness)
    for (id, point) in trails.points {
      try picture.fillRectangle(
        x: point.x * Float(picture.width) - side / 2,
        y: point.y * Float(picture.height) - side / 2, width: side, height: side,
        color: ClassPalette.color(of: id))
    }
  }

  /// Draws objects with labels of their own, the best ones on top.
  package func draw(_ objects: [DrawnObject], on picture: Picture) throws(MediaError) {
    guard !overlay.isEmpty else { return }
    for object in objects.reversed() {
      let box = PixelBox(object.detection.box, width: picture.width, height: picture.height)
      let track = overlay.contains(.track) ? object.track : nil
      let color = ClassPalette.color(of: track ?? object.detection.classID)
      let text = text(of: object)
      if overlay.contains(.box) {
        try picture.drawBox(
          x: Float(box.x), y: Float(box.y), width: Float(box.width), height: Float(box.height),
          label: text, color: color, font: font)
      } else if let font, let text {
        try picture.drawText(
          text, x: Float(box.x), y: Float(box.y), font: font, size: picture.labelSize,
          color: color.readableText, background: color)
      }
    }
  }

  /// `person #7 0.87`, or the part of it that the overlay includes; `nil` if it includes none.
  private func text(of object: DrawnObject) -> String? {
    var parts: [String] = []
    if overlay.contains(.label) { parts.append(object.label) }
    if overlay.contains(.track), let track = object.track { parts.append("#\(track)") }
    if overlay.contains(.confidence) {
      let hundredths = Int((min(max(object.detection.score, 0), 1) * 100).rounded())
      parts.append("\(hundredths / 100).\(padded(hundredths % 100, 2))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}
