/// A diagram with two axes from 0 to 1.
struct PlotPanel {
  let title: String
  let xLabel: String
  /// The left edge of the area between the axes.
  let left: Double
  /// Its upper edge.
  let top: Double
  let width: Double
  let height: Double

  private static let ink: UInt32 = 0x222222
  private static let grid: UInt32 = 0xE4E4E4

  /// Draws the axes, the grid, the title and the labels.
  func drawFrame(in plot: inout Plot) {
    for step in 0...5 {
      let share = Double(step) / 5
      let label = step == 0 ? "0" : step == 5 ? "1" : "0.\(step * 2)"
      plot.parts.append(line([(share, 0), (share, 1)], color: Self.grid, width: 1))
      plot.parts.append(line([(0, share), (1, share)], color: Self.grid, width: 1))
      let below = Plot.Point(x: place(share, 0).x, y: top + height + 18)
      plot.parts.append(
        .text(label, at: below, size: 13, color: Self.ink, anchor: .middle))
      let beside = Plot.Point(x: left - 8, y: place(0, share).y + 4.5)
      plot.parts.append(.text(label, at: beside, size: 13, color: Self.ink, anchor: .end))
    }
    plot.parts.append(
      line([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], color: 0x888888, width: 1))
    plot.parts.append(
      .text(
        title, at: Plot.Point(x: left, y: top - 10), size: 15, color: Self.ink, anchor: .start))
    plot.parts.append(
      .text(
        xLabel, at: Plot.Point(x: left + width, y: top + height + 36), size: 13, color: Self.ink,
        anchor: .end))
  }

  /// A curve through points whose coordinates are 0 to 1.
  func line(
    _ points: [(x: Double, y: Double)], color: UInt32, width: Double, isDashed: Bool = false
  ) -> Plot.Part {
    .line(points.map { place($0.x, $0.y) }, color: color, width: width, isDashed: isDashed)
  }

  private func place(_ x: Double, _ y: Double) -> Plot.Point {
    Plot.Point(
      x: left + min(max(x, 0), 1) * width, y: top + (1 - min(max(y, 0), 1)) * height)
  }
}
