internal import Annotations
internal import Pipeline
package import SSDLite
internal import Support
internal import Geometry
package import Media
public import Pictures

/// Draws detections into pictures, with one colour per class.
public struct Annotator {
  private let overlay: Overlay
  private let labels: [String]
  private let font: Font?

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

  /// Draws objects into the picture of their frame, the best ones on top.
  func draw(_ detections: [Detection], on picture: Picture) throws(MediaError) {
    try draw(detections.map { ($0, ClassLabel.name(of: $0.classID, in: labels)) }, on: picture)
  }

  /// Draws objects with labels of their own, the best ones on top.
  package func draw(_ objects: [(detection: Detection, label: String)], on picture: Picture)
    throws(MediaError)
  {
    guard !overlay.isEmpty else { return }
    for (detection, label) in objects.reversed() {
      let box = PixelBox(detection.box, width: picture.width, height: picture.height)
      let color = ClassPalette.color(of: detection.classID)
      let text = text(of: detection, label)
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

  /// `person 0.87`, or the part of it that the overlay includes; `nil` if neither.
  private func text(of detection: Detection, _ label: String) -> String? {
    var parts: [String] = []
    if overlay.contains(.label) { parts.append(label) }
    if overlay.contains(.confidence) {
      let hundredths = Int((min(max(detection.score, 0), 1) * 100).rounded())
      parts.append("\(hundredths / 100).\(padded(hundredths % 100, 2))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}
