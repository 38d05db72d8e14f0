extension EvaluationReport {
  /// Draws precision over recall, and F1, precision and recall over the score.
  ///
  /// A thick line stands for all classes together, thin ones for the classes with the most objects.
  public func plot() -> Plot {
    var plot = Plot(width: 1440, height: 980)
    let overlap = "IoU \(Self.rounded(overlap))"
    let panels = [
      PlotPanel(
        title: "Precision, \(overlap)", xLabel: "recall", left: 60, top: 50, width: 500,
        height: 370),
      PlotPanel(title: "F1", xLabel: "score", left: 640, top: 50, width: 500, height: 370),
      PlotPanel(title: "Precision", xLabel: "score", left: 60, top: 530, width: 500, height: 370),
      PlotPanel(title: "Recall", xLabel: "score", left: 640, top: 530, width: 500, height: 370),
    ]
    for panel in panels { panel.drawFrame(in: &plot) }
    for (index, entry) in plotted.enumerated() {
      let style = Plot.style(of: index)
      for (panel, curve) in zip(panels, Self.curves(entry.sweep)) where curve.count > 1 {
        plot.parts.append(
          panel.line(curve, color: style.color, width: 1.4, isDashed: style.isDashed))
      }
    }
    for (panel, curve) in zip(panels, Self.curves(sweep)) where curve.count > 1 {
      plot.parts.append(panel.line(curve, color: 0, width: 3))
    }
    drawLegend(in: &plot)
    return plot
  }

  /// As many classes as colours and dashes can tell apart.
  private static let mostCurves = 20

  /// The classes with the most objects, in the order of the report.
  private var plotted: [ClassReport] {
    let known = classes.enumerated().filter { $0.element.sweep.objects > 0 }
    let ranked = known.sorted {
      (-$0.element.sweep.objects, $0.offset) < (-$1.element.sweep.objects, $1.offset)
    }
    return ranked.prefix(Self.mostCurves).sorted { $0.offset < $1.offset }.map(\.element)
  }

  private func drawLegend(in plot: inout Plot) {
    let ink: UInt32 = 0x222222
    var y = 60.0
    func row(_ name: String, _ value: String, _ color: UInt32, _ width: Double, _ isDashed: Bool) {
      plot.parts.append(
        .line(
          [.init(x: 1170, y: y - 5), .init(x: 1205, y: y - 5)], color: color, width: width,
          isDashed: isDashed))
      plot.parts.append(
        .text(name, at: .init(x: 1215, y: y), size: 14, color: ink, anchor: .start))
      plot.parts.append(
        .text(value, at: .init(x: 1420, y: y), size: 14, color: ink, anchor: .end))
      y += 24
    }
    plot.parts.append(
      .text("AP50", at: .init(x: 1420, y: 36), size: 14, color: ink, anchor: .end))
    row("all classes", Self.figure(figures[.AP50]), 0, 3, false)
    for (index, entry) in plotted.enumerated() {
      let style = Plot.style(of: index)
      let name = entry.name.count > 18 ? entry.name.prefix(17) + "…" : entry.name
      row(name, Self.figure(entry.figures[.AP50]), style.color, 1.4, style.isDashed)
    }
    if plotted.count < classes.count {
      let rest = classes.count - plotted.count
      plot.parts.append(
        .text("and \(rest) more", at: .init(x: 1215, y: y), size: 14, color: ink, anchor: .start))
      y += 24
    }
    if let best = sweep.best {
      let text = "best F1 \(Self.rounded(best.f1)) at score \(Self.rounded(best.score))"
      plot.parts.append(
        .text(text, at: .init(x: 1170, y: y + 16), size: 14, color: ink, anchor: .start))
    }
  }

  /// The curves of the four panels.
  private static func curves(_ sweep: ScoreSweep) -> [[(x: Double, y: Double)]] {
    guard sweep.objects > 0 else { return [[], [], [], []] }
    let samples = (0...200).map { sweep.point(atLeast: Double($0) / 200) }
    // Without detections precision is undefined, and 1 only by convention.
    let found = samples.filter { $0.hits + $0.misses > 0 }
    return [
      sweep.precisionOverRecall, samples.map { ($0.score, $0.f1) },
      found.map { ($0.score, $0.precision) }, samples.map { ($0.score, $0.recall) },
    ]
  }

  private static func figure(_ value: Double) -> String { value < 0 ? "-" : rounded(value) }

  /// `value` with three decimal places.
  private static func rounded(_ value: Double) -> String {
    let thousandths = Int((min(max(value, 0), 1) * 1000).rounded())
    let digits = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}

extension ScoreSweep {
  /// The interpolated precision, a staircase, as its corners by falling recall: the precision at a
  /// recall is the best one at this or any higher recall.
  var precisionOverRecall: [(x: Double, y: Double)] {
    var corners: [(x: Double, y: Double)] = []
    var best = 0.0
    for point in points.reversed() where point.precision > best {
      if let last = corners.last, last.x == point.recall {
        corners[corners.count - 1].y = point.precision
      } else {
        corners += [(point.recall, best), (point.recall, point.precision)]
      }
      best = point.precision
    }
    return corners + [(0, best)]
  }
}
