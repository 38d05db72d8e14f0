internal import Annotations
internal import Evaluation

/// A report with what has to be known to read it.
struct EvalDocument {
  let report: EvaluationReport
  let outcome: ComparisonBuilder.Outcome
  let matching: ClassMatching
  let truth: AnnotationSet

  /// Whether images of the truth were not looked at.
  var isMissingImages: Bool { !outcome.missing.isEmpty }

  /// Scores of the table of precision and recall.
  static let tableScores = (1...19).map { Double($0) / 20 }

  /// Detections of classes that the truth does not have, by falling number.
  var leftOutFound: [(name: String, count: Int)] {
    outcome.leftOutFound.map { (name: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }
}
