internal import Geometry
public import Media

extension Picture {
  /// Pixels an em of labels unless said: legible from 160 x 120 up to 3840 x 2160.
  public var labelSize: Int {
    min(max(min(width, height) / 40, 10), 72)
  }

  /// Draws a box, given in pixels, and its label on a background of the box's colour.
  ///
  /// The label stands on the box, or inside it where the picture ends above, and never leaves the
  /// picture sideways while it fits. Any coordinate is safe: what lies outside
  /// the picture, and a box with a NaN, is not drawn.
  /// A label that is nil or empty, or without a font, is left out. Its `size` is in pixels an em;
  /// nil is `labelSize`.
  public func drawBox(
    x: Float, y: Float, width: Float, height: Float, label: String?, color: Color, font: Font?,
    size: Int? = nil
  ) {
    guard let area = PixelRegion(x: x, y: y, width: width, height: height) else { return }
    drawBorder(of: area, color: value(of: color), thickness: lineThickness)
    guard let label, !label.isEmpty, let font,
      area.clipped(width: self.width, height: self.height) != nil
    else { return }
    drawLabel(label, of: area.evenOut, color: color, font: font, size: size ?? labelSize)
  }

  private func drawLabel(_ text: String, of box: PixelRegion, color: Color, font: Font, size: Int) {
    let size = min(max(size, 1), 1024)
    let room = font.measure(text, size: size)
    let margin = max(2, size / 5)
    let (tagWidth, tagHeight) = (room.width + 2 * margin, room.height)
    let left = max(0, min(box.x, width - tagWidth)) & ~1
    let top = box.y >= tagHeight ? box.y - tagHeight : max(0, box.y)
    let tag = PixelRegion(left: left, top: top, right: left + tagWidth, bottom: top + tagHeight)
    fill(tag, with: value(of: color))
    draw(
      font.drawable(text), left: left + margin, baseLine: top + room.ascent, font: font,
      size: size, color: value(of: color.readableText))
  }
}
