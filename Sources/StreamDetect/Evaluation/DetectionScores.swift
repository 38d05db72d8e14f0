internal import Evaluation

/// How good detections are, by COCO's protocol.
public struct DetectionScores: Hashable, Sendable {
  /// The figures of one class.
  public struct PerClass: Hashable, Sendable {
    /// The name of the class.
    public let label: String
    /// Average precision over overlaps of 0.5 to 0.95, 0 to 1; `nil` if the truth has no such
    /// object.
    public let averagePrecision: Double?
    /// Average precision at an overlap of 0.5.
    public let averagePrecision50: Double?
  }

  /// Mean average precision (mAP) over overlaps of 0.5 to 0.95, 0 to 1; `nil` if the truth has no
  /// object.
  public let averagePrecision: Double?
  /// Mean average precision at an overlap of 0.5.
  public let averagePrecision50: Double?
  /// Mean average precision at an overlap of 0.75.
  public let averagePrecision75: Double?
  /// Mean recall with at most 100 detections per image.
  public let averageRecall: Double?
  /// The confidence at which the harmonic mean of precision and recall (F1) is the best, at an
  /// overlap of 0.5; `nil` if nothing was found.
  public let bestConfidence: Double?
  /// The share of the detections with at least that confidence that are right.
  public let precision: Double?
  /// The share of the objects that are found with at least that confidence.
  public let recall: Double?
  /// The figures of each class.
  public let classes: [PerClass]
  /// Images that were compared.
  public let images: Int
  /// Images of the truth without results.
  public let missing: [String]

  init(_ findings: EvaluationFindings) {
    let report = EvaluationReport(findings.outcome.comparison)
    averagePrecision = Self.known(report.figures[.AP])
    averagePrecision50 = Self.known(report.figures[.AP50])
    averagePrecision75 = Self.known(report.figures[.AP75])
    averageRecall = Self.known(report.figures[.AR100])
    let best = report.sweep.best
    bestConfidence = best?.score
    precision = best?.precision
    recall = best?.recall
    classes = report.classes.map {
      PerClass(
        label: $0.name, averagePrecision: Self.known($0.figures[.AP]),
        averagePrecision50: Self.known($0.figures[.AP50]))
    }
    images = findings.outcome.images
    missing = findings.outcome.missing
  }

  /// COCO's figures are negative where there is nothing to measure.
  private static func known(_ figure: Double) -> Double? { figure < 0 ? nil : figure }
}
