public import Geometry
public import Media

extension Picture {
  /// Draws a straight line, given in pixels, with the default thickness.
  ///
  /// Any coordinate is safe: what is outside the picture, and a line with a NaN, is not drawn.
  ///
  /// - Throws: `MediaError` if there is no memory for a copy of a picture that is in use.
  public func drawLine(from start: Point, to end: Point, color: Color) throws(MediaError) {
    let reach = Double(max(width, height))
    // Squares in succession; no line inside the picture needs more.
    let longest = max((end.x - start.x).magnitude, (end.y - start.y).magnitude)
    guard longest <= 4 * reach else { return }
    let side = lineThickness
    let steps = max(Int((longest / Double(side) * 2).rounded(.up)), 1)
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      let x = start.x + share * (end.x - start.x) - Double(side) / 2
      let y = start.y + share * (end.y - start.y) - Double(side) / 2
      // Even corners keep the full colour in 4:2:0.
      try fillRectangle(
        x: Float(2 * (x / 2).rounded()), y: Float(2 * (y / 2).rounded()), width: Float(side),
        height: Float(side), color: color)
    }
  }
}
