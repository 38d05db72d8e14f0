package import Evaluation
internal import Layers
internal import Media
package import Models
package import Pipeline
internal import SSDLite

/// COCO's figures of a detector in FP32 and in 8-bit integers.
package struct QuantizationCost: Sendable {
  /// Figures in FP32.
  package let float: COCOFigures
  /// Figures in 8-bit integers.
  package let integer: COCOFigures

  /// mAP that is lost in integers; negative if they are better.
  package var loss: Double { float[.AP] - integer[.AP] }

  /// Evaluates a detector in FP32 and its calibrated version in integers.
  ///
  /// The sinks see the results of both runs.
  ///
  /// - Throws: `ModelFileError` if a model is not a detector, or `calibrated` has no ranges, and
  ///   `EvaluationError` if the results cannot be compared.
  package init(
    of model: ModelFile, calibrated: ModelFile, on evaluation: DetectorEvaluation,
    sinks: [any ResultSink] = []
  ) throws {
    float = try evaluation.figures(of: model, .fp32, sinks)
    integer = try evaluation.figures(of: calibrated, .int8, sinks)
  }
}

extension DetectorEvaluation {
  fileprivate func figures(
    of model: ModelFile, _ precision: Precision, _ sinks: [any ResultSink]
  ) throws -> COCOFigures {
    // The same as the defaults of `eval`: everything counts, by its score.
    let options = PipelineOptions(
      input: InputOptions(),
      detection: DetectionOptions(
        scoreThreshold: 0.001, iouThreshold: model.description.iouThreshold,
        maximumDetections: 1000))
    let detector = try model.makeDetector(precision: precision)
    let findings = try run(DetectorPyramid(detector), options: options, sinks: sinks)
    return EvaluationReport(findings.outcome.comparison).figures
  }
}
