internal import Evaluation
internal import Logging
internal import StreamDetect

/// Logs what was left out of the figures, and why.
struct EvalNotes {
  let document: EvaluationDocument
  /// Whether the run was stopped early.
  let wasStopped: Bool
  let logger: Logger

  func say() {
    let outcome = document.findings.outcome
    let matching = document.findings.matching
    if wasStopped {
      logger.warning(
        "the figures cover only the \(outcome.images) images processed before the stop")
    } else if !outcome.missing.isEmpty {
      logger.error("no results for \(some(outcome.missing, "image")) of the truth")
    }
    if !outcome.withoutTruth.isEmpty {
      logger.warning(
        "left out: \(some(outcome.withoutTruth, "image")) without an entry in the truth")
    }
    if !outcome.resized.isEmpty {
      let images = some(outcome.resized, "image")
      logger.warning("boxes were scaled: \(images) with another size than in the truth")
    }
    if !matching.onlyInTruth.isEmpty {
      let classes = some(matching.onlyInTruth, "class", "classes", most: 100)
      logger.notice("left out: \(classes) of the truth that the model does not have")
    }
    if !matching.neverFound.isEmpty {
      let classes = some(matching.neverFound, "class", "classes", most: 100)
      let remedy = "if the model does not have them, name it with --model to leave them out"
      logger.warning("no detections of \(classes); \(remedy)")
    }
    if !outcome.leftOutFound.isEmpty {
      let classes = some(document.leftOutFound.map(\.name), "class", "classes", most: 100)
      logger.notice("left out: detections of \(classes) that the truth does not have")
    }
  }

  /// `3 images (a, b, c)`, with at most `most` names.
  private func some(
    _ names: [String], _ one: String, _ many: String? = nil, most: Int = 10
  ) -> String {
    let noun = names.count == 1 ? one : many ?? one + "s"
    let shown = names.prefix(most).joined(separator: ", ")
    let rest = names.count > most ? " and \(names.count - most) more" : ""
    return "\(names.count) \(noun) (\(shown)\(rest))"
  }
}
