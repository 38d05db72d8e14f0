package import Geometry
package import Media

extension Picture {
  /// Draws a colour over the pixels whose centres lie in a polygon, given in pixels.
  ///
  /// - Parameters:
  ///   - polygon: What is covered.
  ///   - color: The colour.
  ///   - opacity: From 0, nothing, to 1, only the colour.
  /// - Throws: `MediaError` if there is no memory for a copy of a picture that is in use.
  package func shade(_ polygon: Polygon, color: Color, opacity: Float) throws(MediaError) {
    let coverage = UInt8(min(max(opacity, 0), 1) * 255)
    let color = value(of: color)
    for plane in PictureLayout.Plane.allCases {
      // Pixels that share a sample of the plane along each side.
      let step = plane == .luma ? 1.0 : 2.0
      for y in 0..<layout.height(of: plane) {
        let height = (Double(y) + 0.5) * step
        let spans = polygon.spans(at: height)
        guard !spans.isEmpty else { continue }
        try withMutableRow(plane, y) { row in
          for span in spans {
            let first = (span.lowerBound / step - 0.5).rounded(.up)
            let end = (span.upperBound / step - 0.5).rounded(.up)
            let begin = Int(min(max(first, 0), Double(row.count)))
            for x in begin..<max(begin, Int(min(max(end, 0), Double(row.count)))) {
              row[x] = blend(row[x], color[plane], coverage)
            }
          }
        }
      }
    }
  }
}
