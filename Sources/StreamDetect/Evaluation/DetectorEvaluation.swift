package import Annotations
package import Evaluation
package import Pipeline
package import SSDLite

/// Runs detectors on the images of a truth and compares what they detect with it.
package struct DetectorEvaluation: Sendable {
  /// The truth.
  package let truth: AnnotationSet
  /// Sources of the truth's images, in the truth's order.
  package let sources: [MediaSource]
  /// Names of the sources without an image in the truth; they are not run.
  package let withoutTruth: [String]

  private let labels: [String]
  private let matching: ClassMatching

  /// Matches the classes of a detector and the images of `sources` with a truth.
  ///
  /// `labels` are those of a model, the background first.
  ///
  /// - Throws: `EvaluationError` if no class matches, or an image's source is ambiguous.
  package init(
    truth: AnnotationSet, labels: [String], classMap: ClassMap? = nil, sources: [MediaSource]
  ) throws(EvaluationError) {
    matching = try ClassMatching(
      truth: truth, model: .init(names: Array(labels.dropFirst()), isComplete: true), map: classMap)
    let assignment = try FrameAssignment(
      images: truth.images.map(\.name), frames: sources.map(\.name))
    self.truth = truth
    self.labels = labels
    self.sources = assignment.frames.compactMap { $0 }.map { sources[$0] }
    withoutTruth = assignment.unassigned.map { sources[$0].name }
  }

  /// Runs a detector on the first frame of each source.
  ///
  /// The sinks see every result, and `control` stops the run early; images that were not reached
  /// are then missing.
  ///
  /// - Throws: `EvaluationError` if the results cannot be compared.
  package func run(
    _ pyramid: DetectorPyramid, options: PipelineOptions,
    missing: ComparisonBuilder.Missing = .skip, sinks: [any ResultSink] = [],
    control: PipelineControl = PipelineControl()
  ) throws(EvaluationError) -> EvaluationFindings {
    var options = options
    options.selection.limit = 1
    let collector = PredictionCollector(labels: labels)
    let summary = DetectionPipeline(
      pyramid: pyramid, options: options, sinks: [collector] + sinks, control: control
    ).run(sources)
    var outcome = try ComparisonBuilder(truth: truth, matching: matching)
      .compare(collector.frames, missing: missing)
    outcome.withoutTruth = withoutTruth
    return EvaluationFindings(outcome: outcome, matching: matching, summary: summary)
  }
}
