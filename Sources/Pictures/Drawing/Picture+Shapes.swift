internal import Geometry
public import Media

extension Picture {
  /// The default line thickness: even, so that lines keep their full colour in 4:2:0.
  public var lineThickness: Int {
    // 2 pixels up to standard definition, 4 at 1080 lines, 8 at 2160.
    max(2, min(width, height) / 270 & ~1)
  }

  /// Fills a rectangle, given in pixels; parts outside the picture, and one with a NaN, are not
  /// drawn.
  ///
  /// - Throws: `MediaError` if there is no memory for a copy of a picture that is in use.
  public func fillRectangle(
    x: Float, y: Float, width: Float, height: Float, color: Color
  ) throws(MediaError) {
    guard let area = PixelRegion(x: x, y: y, width: width, height: height) else { return }
    try fill(area, with: value(of: color))
  }

  /// `color` in this picture's range and matrix.
  func value(of color: Color) -> YUVColor {
    YUVColor(color, tags: tags, height: height)
  }

  func drawBorder(
    of area: PixelRegion, color: YUVColor, thickness: Int
  ) throws(MediaError) {
    let outer = area.expandedToEven
    let line = max(1, min(thickness, 1 << 12))
    guard outer.width > 2 * line, outer.height > 2 * line else {
      return try fill(outer, with: color)
    }
    let (top, bottom) = (outer.y + line, outer.bottom - line)
    for side in [
      PixelRegion(left: outer.x, top: outer.y, right: outer.right, bottom: top),
      PixelRegion(left: outer.x, top: bottom, right: outer.right, bottom: outer.bottom),
      PixelRegion(left: outer.x, top: top, right: outer.x + line, bottom: bottom),
      PixelRegion(left: outer.right - line, top: top, right: outer.right, bottom: bottom),
    ] {
      try fill(side, with: color)
    }
  }

  func fill(_ area: PixelRegion, with color: YUVColor) throws(MediaError) {
    guard let inside = area.clipped(width: width, height: height) else { return }
    for y in inside.y..<inside.bottom {
      try withMutableRow(.luma, y) { row in
        for x in inside.x..<inside.right { row[x] = color.luma }
      }
    }
    for y in inside.y / 2...(inside.bottom - 1) / 2 {
      let rows = coveredSamples(y, from: inside.y, to: inside.bottom, side: height)
      for plane in [PictureLayout.Plane.blueDifference, .redDifference] {
        try withMutableRow(plane, y) { row in
          for x in inside.x / 2...(inside.right - 1) / 2 {
            let columns = coveredSamples(x, from: inside.x, to: inside.right, side: width)
            row[x] = blend(row[x], color[plane], UInt8(rows * columns * 255 / 4))
          }
        }
      }
    }
  }
}

/// How many halves of chroma sample `index` are in `from..<to`; at the end of an odd side, the last
/// sample counts as two.
private func coveredSamples(_ index: Int, from: Int, to: Int, side: Int) -> Int {
  let first = index * 2
  guard first + 1 < side else { return 2 }
  return min(to, first + 2) - max(from, first)
}

/// `new` over `old`, with `coverage` from 0 (none) to 255 (all).
func blend(_ old: UInt8, _ new: UInt8, _ coverage: UInt8) -> UInt8 {
  let weight = Int32(coverage)
  return UInt8((Int32(old) * (255 - weight) + Int32(new) * weight + 127) / 255)
}
