/// Everything that is measured on a comparison.
public struct EvaluationReport: Sendable {
  /// How the measurements other than COCO's figures are made.
  public struct Options: Sendable {
    /// The minimum overlap of a match, for precision, recall and confusions.
    public var overlap = 0.5
    /// The minimum score for confusions; `nil` for the score with the best F1 of all classes
    /// together.
    public var confusionScore: Double?

    /// Creates the defaults.
    public init() {}
  }

  /// The measurements of one class.
  public struct ClassReport: Sendable {
    /// The model's name for the class.
    public var name: String
    /// COCO's figures.
    public var figures: COCOFigures
    /// Precision and recall by score.
    public var sweep: ScoreSweep
  }

  /// COCO's figures over all classes.
  public let figures: COCOFigures
  /// The classes in the order of the truth.
  public let classes: [ClassReport]
  /// Precision and recall by score, all classes together.
  public let sweep: ScoreSweep
  /// The mistakes, the most frequent first.
  public let confusions: [Confusion]
  /// The minimum score for confusions.
  public let confusionScore: Double
  /// The minimum overlap of a match.
  public let overlap: Double

  /// Evaluates a comparison.
  public init(_ comparison: Comparison, options: Options = Options()) {
    let coco = COCOEvaluation(comparison)
    let sweeps = comparison.sweeps(overlap: options.overlap)
    figures = coco.figures
    classes = comparison.classes.indices.map {
      ClassReport(
        name: comparison.classes[$0], figures: coco.perClass[$0], sweep: sweeps.perClass[$0])
    }
    sweep = sweeps.all
    confusionScore = options.confusionScore ?? sweeps.all.best?.score ?? 0
    confusions = comparison.confusions(score: confusionScore, overlap: options.overlap)
    overlap = options.overlap
  }
}
