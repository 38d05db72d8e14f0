internal import Evaluation
internal import Media
internal import Pictures

/// Draws a plot in pixels.
struct PlotPicture {
  /// Pixels per unit of the plot: enough that lines look smooth without anti-aliasing.
  private static let scale = 2.0

  let plot: Plot
  /// The font for text; without one, text is left out.
  let font: Font?

  /// The picture.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  func drawn() throws(MediaError) -> Media.Picture {
    let picture = try Media.Picture(
      width: Int(plot.width * Self.scale), height: Int(plot.height * Self.scale), color: .white)
    for part in plot.parts {
      switch part {
      case .line(let points, let color, let width, let isDashed):
        try draw(points, Color(hex: color), width: width, isDashed: isDashed, on: picture)
      case .text(let text, let place, let size, let color, let anchor):
        try draw(text, at: place, size: size, Color(hex: color), anchor, on: picture)
      }
    }
    return picture
  }

  private func draw(
    _ points: [Plot.Point], _ color: Color, width: Double, isDashed: Bool, on picture: Media.Picture
  ) throws(MediaError) {
    let pen = max((width * Self.scale).rounded(), 1)
    let dash = Double(Plot.dash) * Self.scale
    var walked = 0.0
    for (start, end) in zip(points, points.dropFirst()) {
      let (x, y) = (start.x * Self.scale, start.y * Self.scale)
      let (dx, dy) = (end.x * Self.scale - x, end.y * Self.scale - y)
      let length = (dx * dx + dy * dy).squareRoot()
      let steps = max(Int(length.rounded(.up)), 1)
      for step in 0...steps {
        let share = Double(step) / Double(steps)
        let isGap = ((walked + share * length) / dash).truncatingRemainder(dividingBy: 2) >= 1
        if isDashed && isGap { continue }
        try picture.fillRectangle(
          x: Float(x + share * dx - pen / 2), y: Float(y + share * dy - pen / 2),
          width: Float(pen), height: Float(pen), color: color)
      }
      walked += length
    }
  }

  private func draw(
    _ text: String, at place: Plot.Point, size: Double, _ color: Color, _ anchor: Plot.Anchor,
    on picture: Media.Picture
  ) throws(MediaError) {
    guard let font else { return }
    let pixels = Int((size * Self.scale).rounded())
    let width = Double(font.width(of: text, size: pixels))
    let left =
      switch anchor {
      case .start: place.x * Self.scale
      case .middle: place.x * Self.scale - width / 2
      case .end: place.x * Self.scale - width
      }
    // `drawText` takes the upper edge, which is about an em above the baseline.
    let top = place.y * Self.scale - Double(pixels) * 0.95
    try picture.drawText(
      text, x: Float(left), y: Float(top), font: font, size: pixels, color: color)
  }
}
