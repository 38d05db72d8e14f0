internal import Geometry
internal import Media
internal import Pictures
internal import Pipeline
internal import Tracking

extension Annotator {
  /// Draws zones with the number of objects in them, and lines with their crossings, if the overlay
  /// includes them.
  func draw(
    _ counts: ZoneCounts, of result: FrameResult, on picture: Picture
  ) throws(MediaError) {
    guard overlay.contains(.zones) else { return }
    let x = Double(picture.width) / Double(max(result.width, 1))
    let y = Double(picture.height) / Double(max(result.height, 1))
    func scaled(_ points: [Point]) -> [Point] { points.map { Point(x: $0.x * x, y: $0.y * y) } }
    for (index, zone) in counts.zones.enumerated() {
      let points = scaled(zone.points)
      let color = ClassPalette.color(of: index + 1)
      for (from, to) in zip(points, points.dropFirst() + points.prefix(1)) {
        try picture.drawLine(from: from, to: to, color: color)
      }
      let highest = points.min { ($0.y, $0.x) < ($1.y, $1.x) }
      try label("\(zone.name) \(zone.occupancy)", at: highest, color: color, on: picture)
    }
    for (index, line) in counts.lines.enumerated() {
      let points = scaled(line.points)
      let color = ClassPalette.color(of: counts.zones.count + index + 1)
      for (from, to) in zip(points, points.dropFirst()) {
        try picture.drawLine(from: from, to: to, color: color)
      }
      try drawDirection(of: points, color: color, on: picture)
      try label(
        "\(line.name) in \(line.entries) out \(line.exits)", at: points.first, color: color,
        on: picture)
    }
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

  /// Writes a name and its counts above a point, which becomes a dot.
  private func label(
    _ text: String, at point: Point?, color: Color, on picture: Picture
  ) throws(MediaError) {
    guard let point else { return }
    let side = Float(2 * picture.lineThickness)
    try picture.drawBox(
      x: Float(point.x) - side / 2, y: Float(point.y) - side / 2, width: side, height: side,
      label: text, color: color, font: font)
  }
}
