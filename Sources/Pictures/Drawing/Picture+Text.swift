internal import Geometry
public import Media

extension Picture {
  /// Draws a line of text with its top left corner at (`x`, `y`) in pixels.
  ///
  /// `size` is in pixels per em, 1 to 1024. `background` fills the area of the line; with nil there
  /// is none. Characters missing from the font appear as its placeholder box. Parts outside the
  /// picture are not drawn.
  ///
  /// - Throws: `MediaError` if there is no memory for a copy of a picture that is in use.
  public func drawText(
    _ text: String, x: Float, y: Float, font: Font, size: Int, color: Color,
    background: Color? = nil
  ) throws(MediaError) {
    guard let left = PixelRegion.pixel(x), let top = PixelRegion.pixel(y) else { return }
    let size = min(max(size, 1), 1024)
    let textSize = font.measure(text, size: size)
    if let background {
      let area = PixelRegion(
        left: left, top: top, right: left + textSize.width, bottom: top + textSize.height)
      try fill(area, with: value(of: background))
    }
    try draw(
      font.drawable(text), left: left, baseline: top + textSize.ascent, font: font, size: size,
      color: value(of: color))
  }

  func draw(
    _ scalars: [Unicode.Scalar], left: Int, baseline: Int, font: Font, size: Int, color: YUVColor
  ) throws(MediaError) {
    var pen = left
    for scalar in scalars {
      guard pen < width else { return }
      let glyph = font.glyph(scalar, size: size)
      try blit(glyph, left: pen + glyph.left, top: baseline - glyph.top, color: color)
      pen += glyph.advance
    }
  }

  private func blit(
    _ glyph: Glyph, left: Int, top: Int, color: YUVColor
  ) throws(MediaError) {
    let area = PixelRegion(
      left: left, top: top, right: left + glyph.width, bottom: top + glyph.height)
    guard let inside = area.clipped(width: width, height: height) else { return }
    for y in inside.y..<inside.bottom {
      try withMutableRow(.luma, y) { row in
        for x in inside.x..<inside.right {
          row[x] = blend(row[x], color.luma, glyph.coverage(x: x - left, y: y - top))
        }
      }
    }
    for y in inside.y / 2...(inside.bottom - 1) / 2 {
      for plane in [PictureLayout.Plane.blueDifference, .redDifference] {
        try withMutableRow(plane, y) { row in
          for x in inside.x / 2...(inside.right - 1) / 2 {
            let coverage = glyph.meanCoverage(x: x * 2 - left, y: y * 2 - top)
            row[x] = blend(row[x], color[plane], coverage)
          }
        }
      }
    }
  }
}

extension Glyph {
  /// The mean coverage of the 2 x 2 pixels that share a chroma sample.
  fileprivate func meanCoverage(x: Int, y: Int) -> UInt8 {
    let sum =
      Int(coverage(x: x, y: y)) + Int(coverage(x: x + 1, y: y)) + Int(coverage(x: x, y: y + 1))
      + Int(coverage(x: x + 1, y: y + 1))
    return UInt8(sum / 4)
  }
}
