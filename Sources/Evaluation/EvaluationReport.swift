/// All that is measured on a comparison.
public struct EvaluationReport: Sendable {
  /// What is measured beside COCO's figures.
  public struct Options: Sendable {
    /// Overlap from which a detection is an object, for precision, recall and confusions.
    public var overlap = 0.5
    /// The score from which confusions are counted; `nil` is the best of all classes together.
    public var confusionScore: Double?

    /// Creates the defaults.
    public init() {}
  }

  /// One class.
  public struct ClassReport: Sendable {
    /// What the model calls it.
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
  /// What was taken for what.
  public let confusions: [Confusion]
  /// The score from which confusions were counted.
  public let confusionScore: Double
  /// Overlap from which a detection was an object.
  public let overlap: Double

  /// Measures.
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
