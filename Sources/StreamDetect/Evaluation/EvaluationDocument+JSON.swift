internal import Evaluation
internal import Support

extension EvaluationDocument {
  /// The document as one line of JSON, with the line end.
  package func json() -> String {
    var json = JSONWriter()
    json.beginObject()
    write(report.figures, to: &json)
    json.key("best")
    write(report.sweep.best, to: &json)
    writeCounts(to: &json)
    json.key("per_class")
    json.beginObject()
    for entry in report.classes { write(entry, to: &json) }
    json.endObject()
    writeThresholds(to: &json)
    writeConfusions(to: &json)
    writeSkipped(to: &json)
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self) + "\n"
  }

  private func write(_ figures: COCOFigures, to json: inout JSONWriter) {
    for name in COCOFigures.Name.allCases {
      json.field(name.rawValue, figures[name], decimals: 9)
    }
  }

  private func write(_ point: OperatingPoint?, to json: inout JSONWriter) {
    guard let point else { return json.null() }
    json.beginObject()
    json.field("score", point.score, decimals: 6)
    json.field("precision", point.precision, decimals: 6)
    json.field("recall", point.recall, decimals: 6)
    json.field("f1", point.f1, decimals: 6)
    json.field("tp", point.hits)
    json.field("fp", point.misses)
    json.field("fn", point.objects - point.hits)
    json.endObject()
  }

  private func writeCounts(to json: inout JSONWriter) {
    json.key("counts")
    json.beginObject()
    json.field("images", findings.outcome.images)
    json.field("boxes", findings.outcome.objects)
    json.field("detections", findings.outcome.detections)
    json.field("classes", report.classes.count)
    json.field("images_missing", findings.outcome.missing.count)
    json.field("images_without_truth", findings.outcome.withoutTruth.count)
    json.field("images_resized", findings.outcome.resized.count)
    json.endObject()
  }

  private func write(_ entry: EvaluationReport.ClassReport, to json: inout JSONWriter) {
    json.key(entry.name)
    json.beginObject()
    write(entry.figures, to: &json)
    json.field("boxes", entry.sweep.objects)
    json.key("best")
    write(entry.sweep.best, to: &json)
    json.endObject()
  }

  private func writeThresholds(to json: inout JSONWriter) {
    json.field("match_iou", report.overlap, decimals: 6)
    json.key("thresholds")
    json.beginArray()
    for score in Self.tableScores { write(report.sweep.point(atLeast: score), to: &json) }
    json.endArray()
  }

  private func writeConfusions(to json: inout JSONWriter) {
    json.field("confusion_score", report.confusionScore, decimals: 6)
    json.key("confusions")
    json.beginArray()
    for pair in report.confusions {
      json.beginObject()
      json.field("truth", pair.truth)
      json.field("found", pair.found)
      json.field("count", pair.count)
      json.endObject()
    }
    json.endArray()
  }

  private func writeSkipped(to json: inout JSONWriter) {
    json.key("skipped")
    json.beginObject()
    write(findings.matching.onlyInTruth, named: "truth_classes", to: &json)
    write(findings.matching.onlyInModel, named: "model_classes", to: &json)
    write(findings.matching.regions, named: "regions", to: &json)
    write(findings.outcome.missing, named: "images_missing", to: &json)
    write(findings.outcome.withoutTruth, named: "images_without_truth", to: &json)
    json.endObject()
  }

  private func write(_ names: [String], named key: String, to json: inout JSONWriter) {
    json.key(key)
    json.beginArray()
    for name in names { json.string(name) }
    json.endArray()
  }
}
