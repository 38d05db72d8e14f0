public import Media

extension Picture {
  /// Draws each pixel's class over the picture in the colour of the class; `nil` leaves the pixel
  /// as it is.
  ///
  /// - Precondition: `map` has the picture's size.
  /// - Parameters:
  ///   - map: The classes.
  ///   - opacity: From 0, nothing, to 1, only colours.
  ///   - color: The colour of a class.
  /// - Throws: `MediaError` if there is no memory for a copy of a picture that is in use.
  public func draw(
    _ map: PixelClasses, opacity: Float, color: (Int) -> Color?
  ) throws(MediaError) {
    precondition(
      map.width == width && map.height == height,
      "a map of \(map.width) x \(map.height) on a picture of \(width) x \(height)")
    let coverage = UInt8(min(max(opacity, 0), 1) * 255)
    let colors = map.counts.indices.map { color($0).map { value(of: $0) } }
    for y in 0..<height {
      try withMutableRow(.luma, y) { row in
        for x in row.indices {
          guard let color = colors[Int(map.classIDs[y * width + x])] else { continue }
          row[x] = blend(row[x], color.luma, coverage)
        }
      }
    }
    for plane in [PictureLayout.Plane.blueDifference, .redDifference] {
      for y in 0..<layout.height(of: plane) {
        try withMutableRow(plane, y) { row in
          for x in row.indices {
            // The class of the upper left of the pixels that share the sample.
            guard let color = colors[Int(map.classIDs[2 * y * width + 2 * x])] else { continue }
            row[x] = blend(row[x], color[plane], coverage)
          }
        }
      }
    }
  }
}
