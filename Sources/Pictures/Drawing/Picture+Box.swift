internal import Geometry
public import Media

extension Picture {
  /// The default size of labels in pixels per em: legible from 160 x 120 up to 3840 x 2160.
  public var labelSize: Int {
    min(max(min(width, height) / 40, 10), 72)
  }

  /// Draws a box, given in pixels, and its label on a background of the box's colour.
  ///
  /// The label is placed above the box, or inside it at the top of the picture, and is moved
  /// sideways to stay in the picture. Any coordinate is safe: what is outside the picture, and a
  /// box with a NaN, is not drawn. There is no label if `label` is nil or empty, or `font` is nil.
  /// `size` is the label's size in pixels per em; nil selects `labelSize`.
  ///
  /// - Throws: `MediaError` if there is no memory for a copy of a picture that is in use.
  public func drawBox(
    x: Float, y: Float, width: Float, height: Float, label: String?, color: Color, font: Font?,
    size: Int? = nil
  ) throws(MediaError) {
    guard let area = PixelRegion(x: x, y: y, width: width, height: height) else { return }
    try drawBorder(of: area, color: value(of: color), thickness: lineThickness)
    guard let label, !label.isEmpty, let font,
      area.clipped(width: self.width, height: self.height) != nil
    else { return }
    try drawLabel(label, of: area.expandedToEven, color: color, font: font, size: size ?? labelSize)
  }

  private func drawLabel(
    _ text: String, of box: PixelRegion, color: Color, font: Font, size: Int
  ) throws(MediaError) {
    let size = min(max(size, 1), 1024)
    let textSize = font.measure(text, size: size)
    let margin = max(2, size / 5)
    let (tagWidth, tagHeight) = (textSize.width + 2 * margin, textSize.height)
    let left = max(0, min(box.x, width - tagWidth)) & ~1
    let top = box.y >= tagHeight ? box.y - tagHeight : max(0, box.y)
    let tag = PixelRegion(left: left, top: top, right: left + tagWidth, bottom: top + tagHeight)
    try fill(tag, with: value(of: color))
    try draw(
      font.drawable(text), left: left + margin, baseline: top + textSize.ascent, font: font,
      size: size, color: value(of: color.readableText))
  }
}
