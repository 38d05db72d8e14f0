internal import Evaluation
internal import StreamDetect

extension EvaluationDocument {
  /// The tables, for a terminal.
  func text(top: Int) -> String {
    let outcome = findings.outcome
    var lines = [
      "\(count(outcome.images, "image")), \(count(outcome.objects, "box", "boxes")) of "
        + "\(count(report.classes.count, "class", "classes")), "
        + count(outcome.detections, "detection"), "",
    ]
    lines += figureTable()
    lines += [""] + classTable()
    lines += [
      "", "Precision and recall, IoU \(decimals(report.overlap, 2)), all classes together", "",
    ]
    lines += thresholdTable()
    if top > 0 && !report.confusions.isEmpty { lines += [""] + confusionTable(top: top) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let explanations: [COCOFigures.Name: String] = [
    .AP: "average precision, IoU 0.50 to 0.95, the best 100 per class and image",
    .AP50: "at IoU 0.50", .AP75: "at IoU 0.75",
    .APs: "small objects, below 32 x 32 pixels", .APm: "medium objects",
    .APl: "large objects, from 96 x 96 pixels",
    .AR1: "average recall, the best 1 per class and image", .AR10: "the best 10",
    .AR100: "the best 100", .ARs: "small objects", .ARm: "medium objects", .ARl: "large objects",
  ]

  private func figureTable() -> [String] {
    COCOFigures.Name.allCases.map { name in
      let label = name.rawValue + String(repeating: " ", count: 5 - name.rawValue.count)
      return "\(label)  \(figure(report.figures[name]))  \(Self.explanations[name] ?? "")"
    }
  }

  private func classTable() -> [String] {
    let head = [
      "class", "boxes", "AP", "AP50", "AP75", "APs", "APm", "APl", "AR100", "best score",
      "precision", "recall", "F1",
    ]
    let shown: [COCOFigures.Name] = [.AP, .AP50, .AP75, .APs, .APm, .APl, .AR100]
    let rows = report.classes.map { entry in
      [printable(entry.name), "\(entry.sweep.objects)"] + shown.map { figure(entry.figures[$0]) }
        + cells(entry.sweep.best)
    }
    let all =
      ["all", "\(report.sweep.objects)"] + shown.map { figure(report.figures[$0]) }
      + cells(report.sweep.best)
    return aligned([head] + rows + [all], leftColumns: 1)
  }

  private func thresholdTable() -> [String] {
    let head = ["score", "precision", "recall", "F1", "true", "false", "not found"]
    let rows = Self.tableScores.map { report.sweep.point(atLeast: $0) }.map { point in
      [
        decimals(point.score, 2), decimals(point.precision, 3), decimals(point.recall, 3),
        decimals(point.f1, 3), "\(point.hits)", "\(point.misses)",
        "\(point.objects - point.hits)",
      ]
    }
    return aligned([head] + rows, leftColumns: 0)
  }

  private func confusionTable(top: Int) -> [String] {
    let shown = report.confusions.prefix(top)
    var lines = ["Confusions with scores of at least \(decimals(report.confusionScore, 3))", ""]
    lines += aligned(
      [["is", "found as", "times"]]
        + shown.map {
          [printable($0.truth ?? "(nothing)"), printable($0.found ?? "(nothing)"), "\($0.count)"]
        }, leftColumns: 2)
    let rest = report.confusions.count - shown.count
    if rest > 0 { lines.append("and \(rest) more; --top \(report.confusions.count) shows all") }
    return lines
  }

  private func cells(_ point: OperatingPoint?) -> [String] {
    guard let point else { return ["-", "-", "-", "-"] }
    return [
      decimals(point.score, 3), decimals(point.precision, 3), decimals(point.recall, 3),
      decimals(point.f1, 3),
    ]
  }

  /// `1 box`, `2 boxes`.
  private func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(number) \(number == 1 ? one : many ?? one + "s")"
  }

  /// A figure with three decimal places; a dash if there is no truth for it.
  private func figure(_ value: Double) -> String { value < 0 ? "-" : decimals(value, 3) }
}
