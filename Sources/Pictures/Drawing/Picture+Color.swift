public import Media

extension Picture {
  /// Creates a picture of `width` by `height` pixels filled with `color`.
  ///
  /// - Throws: `MediaError` "invalid_size" if no picture can have this size, or if there is no
  ///   memory for it.
  public convenience init(width: Int, height: Int, color: Color = .black) throws(MediaError) {
    let layout = try PictureLayout(width: width, height: height)
    try self.init(layout: layout)
    let value = YUVColor(color, tags: tags, height: height)
    for plane in PictureLayout.Plane.allCases {
      for y in 0..<layout.height(of: plane) {
        try withMutableRow(plane, y) { row in
          for x in row.indices { row[x] = value[plane] }
        }
      }
    }
  }
}
