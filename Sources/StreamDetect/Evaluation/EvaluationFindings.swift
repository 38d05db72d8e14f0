package import Annotations
package import Evaluation
package import Pipeline

/// Predictions compared with a truth.
package struct EvaluationFindings: Sendable {
  /// The comparison, and which images and detections are not part of it.
  package var outcome: ComparisonBuilder.Outcome
  /// Which classes are the same, and which have no counterpart.
  package var matching: ClassMatching
  /// The run over the images; `nil` if the predictions come from a file.
  package var summary: RunSummary?

  init(outcome: ComparisonBuilder.Outcome, matching: ClassMatching, summary: RunSummary? = nil) {
    self.outcome = outcome
    self.matching = matching
    self.summary = summary
  }

  /// Compares the predictions in a file with `truth`.
  ///
  /// The classes of the model that wrote the file are `labels`, without a background. If they are
  /// `nil`, the file's own list of classes counts, and otherwise the classes that were detected.
  /// COCO's results use the truth's classes, so `labels` and `missing` do not matter for them.
  ///
  /// - Throws: `EvaluationError` if classes or images do not match.
  package init(
    _ file: PredictionFile, truth: AnnotationSet, labels: [String]? = nil,
    classMap: ClassMap? = nil,
    missing: ComparisonBuilder.Missing = .count
  ) throws(EvaluationError) {
    let classes =
      switch file.content {
      case .results:
        ClassMatching.ModelClasses(names: truth.categories.map(\.name), isComplete: true)
      case .frames(let frames): file.modelClasses(labels, frames)
      }
    matching = try ClassMatching(truth: truth, model: classes, map: classMap)
    let builder = ComparisonBuilder(truth: truth, matching: matching)
    outcome =
      switch file.content {
      case .results(let results): try builder.compare(results)
      case .frames(let frames): try builder.compare(frames, missing: missing)
      }
  }
}

extension PredictionFile {
  fileprivate func modelClasses(
    _ labels: [String]?, _ frames: [FrameRecord]
  ) -> ClassMatching.ModelClasses {
    if let names = labels ?? classNames { return .init(names: names, isComplete: true) }
    var seen: Set<String> = []
    var names: [String] = []
    for object in frames.lazy.flatMap(\.objects) where seen.insert(object.label).inserted {
      names.append(object.label)
    }
    return .init(names: names, isComplete: classCount.map { names.count >= $0 } ?? false)
  }
}
