internal import Geometry
public import Media

extension Picture {
  /// A copy of the part of the picture inside a rectangle, given in pixels.
  ///
  /// Rounds the rectangle to whole pixels, and extends it by one to the left or the top if 4:2:0
  /// requires an even corner. Returns nil if less than a pixel of it is inside the picture.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  public func cropped(
    x: Float, y: Float, width: Float, height: Float
  ) throws(MediaError) -> Picture? {
    guard let wanted = PixelRegion(x: x, y: y, width: width, height: height),
      var area = wanted.clipped(width: self.width, height: self.height)
    else { return nil }
    area = PixelRegion(
      left: area.x & ~1, top: area.y & ~1, right: area.right, bottom: area.bottom)
    guard let layout = try? PictureLayout(width: area.width, height: area.height) else {
      return nil
    }
    let crop = try Picture(layout: layout)
    crop.tags = tags.kept(from: self.height, to: area.height)
    crop.pixelAspect = pixelAspect
    for plane in PictureLayout.Plane.allCases {
      let (left, top) = plane == .luma ? (area.x, area.y) : (area.x / 2, area.y / 2)
      for y in 0..<layout.height(of: plane) {
        try crop.withMutableRow(plane, y) { row in
          withRow(plane, top + y) { source in
            for x in row.indices { row[x] = source[left + x] }
          }
        }
      }
    }
    return crop
  }
}
