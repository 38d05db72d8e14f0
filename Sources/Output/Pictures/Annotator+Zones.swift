internal import Geometry
internal import Media
internal import Pictures
internal import Pipeline
internal import Tracking

extension Annotator {
  /// A zone or a line as it is drawn.
  private struct Shape {
    /// In pixels of the picture.
    var points: [Point]
    var isClosed: Bool
    /// Its name and counts.
    var text: String
    var color: Color
  }

  /// Draws zones and lines, if the overlay includes them: their outlines go below the objects.
  func drawOutlines(
    of counts: ZoneCounts, in result: FrameResult, on picture: Picture
  ) throws(MediaError) {
    for shape in shapes(counts, result, picture) {
      let next = shape.points.dropFirst() + (shape.isClosed ? shape.points.prefix(1) : [])
      for (from, to) in zip(shape.points, next) {
        try picture.drawLine(from: from, to: to, color: shape.color)
      }
      if !shape.isClosed { try drawDirection(of: shape.points, color: shape.color, on: picture) }
    }
  }

  /// Writes the names of zones with the number of objects in them, and those of lines with their
  /// crossings, on top of all else.
  func drawCounts(
    _ counts: ZoneCounts, of result: FrameResult, on picture: Picture
  ) throws(MediaError) {
    let side = Float(2 * picture.lineThickness)
    for shape in shapes(counts, result, picture) {
      let highest = shape.points.min { ($0.y, $0.x) < ($1.y, $1.x) }
      guard let point = shape.isClosed ? highest : shape.points.first else { continue }
      // A dot, whose label is moved to where it fits.
      try picture.drawBox(
        x: Float(point.x) - side / 2, y: Float(point.y) - side / 2, width: side, height: side,
        label: shape.text, color: shape.color, font: font)
    }
  }

  private func shapes(
    _ counts: ZoneCounts, _ result: FrameResult, _ picture: Picture
  ) -> [Shape] {
    guard overlay.contains(.zones) else { return [] }
    let x = Double(picture.width) / Double(max(result.width, 1))
    let y = Double(picture.height) / Double(max(result.height, 1))
    func shape(_ points: [Point], isClosed: Bool, _ text: String, _ number: Int) -> Shape {
      Shape(
        points: points.map { Point(x: $0.x * x, y: $0.y * y) }, isClosed: isClosed, text: text,
        color: ClassPalette.color(of: number + 1))
    }
    // Those in the picture: the occupancy still counts, for some seconds, objects that were lost.
    let zones = counts.zones.enumerated().map { index, zone in
      let present = result.tracks.count { $0?.zones.contains(zone.name) == true }
      return shape(zone.points, isClosed: true, "\(zone.name) \(present)", index)
    }
    let lines = counts.lines.enumerated().map { index, line in
      shape(
        line.points, isClosed: false, "\(line.name) in \(line.entries) out \(line.exits)",
        zones.count + index)
    }
    return zones + lines
  }

  /// Draws a short line from the middle of a line's first part to its right, where `in` leads.
  private func drawDirection(
    of points: [Point], color: Color, on picture: Picture
  ) throws(MediaError) {
    guard points.count > 1 else { return }
    let along = points[1] - points[0]
    let length = along.dot(along).squareRoot()
    guard length > 0 else { return }
    let middle = Point(x: points[0].x + along.x / 2, y: points[0].y + along.y / 2)
    let reach = Double(6 * picture.lineThickness) / length
    try picture.drawLine(
      from: middle, to: Point(x: middle.x - along.y * reach, y: middle.y + along.x * reach),
      color: color)
  }
}
