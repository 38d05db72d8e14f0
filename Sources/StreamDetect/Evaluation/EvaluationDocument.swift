package import Evaluation

/// The figures of an evaluation, with what has to be known to read them.
package struct EvaluationDocument: Sendable {
  /// The figures.
  package let report: EvaluationReport
  /// What they were computed from, and what was left out.
  package let findings: EvaluationFindings

  /// Computes the figures.
  package init(
    _ findings: EvaluationFindings, options: EvaluationReport.Options = EvaluationReport.Options()
  ) {
    self.findings = findings
    report = EvaluationReport(findings.outcome.comparison, options: options)
  }

  /// Whether images of the truth have no results.
  package var isMissingImages: Bool { !findings.outcome.missing.isEmpty }

  /// The minimum scores for which precision and recall are listed.
  package static let tableScores = (1...19).map { Double($0) / 20 }

  /// Detections of classes that the truth does not have, the most frequent class first.
  package var leftOutFound: [(name: String, count: Int)] {
    findings.outcome.leftOutFound.map { (name: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }
}
