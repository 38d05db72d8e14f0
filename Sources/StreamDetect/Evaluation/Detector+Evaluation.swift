internal import Evaluation
internal import Foundation
internal import Models
internal import Pipeline
internal import Support

extension Detector {
  /// Analyses the images of a data set and compares what is found with what is there.
  ///
  /// Everything with a confidence of 0.001 or more counts, as is usual for COCO's figures. If the
  /// task is cancelled, images that were not reached are left out.
  ///
  /// - Parameters:
  ///   - truth: The annotations.
  ///   - images: The images; those without annotations are not analysed.
  ///   - tiles: The tiles that images are analysed in.
  ///   - sizes: The input sizes that images are analysed at.
  /// - Returns: COCO's figures, over all classes and for each.
  /// - Throws: ``StreamDetectError/annotations(_:)`` if classes or images do not match, and
  ///   ``StreamDetectError/options(_:)`` for impossible tiles.
  public func evaluated(
    on truth: GroundTruth, images: [Source], tiles: Tiling = .none, sizes: Sizing = .own
  ) async throws(StreamDetectError) -> DetectionScores {
    let evaluation = try evaluationErrors { () throws(EvaluationError) in
      try DetectorEvaluation(
        truth: truth.annotations, labels: labels, sources: images.map(\.mediaSource))
    }
    let workers = availableCores()
    let options = try pipelineOptions(
      ObjectOptions(confidence: 0.001, maximum: 1000, tiles: tiles, sizes: sizes), ReadingOptions(),
      workers: workers)
    let pyramid = try pyramid(options.sizes, frameThreads: 1, workers: workers)
    let control = PipelineControl()
    let result: Result<EvaluationFindings, EvaluationError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue(label: "stream-detect.evaluation").async {
          continuation.resume(
            returning: Result { () throws(EvaluationError) in
              try evaluation.run(pyramid, options: options, control: control)
            })
        }
      }
    } onCancel: {
      control.stop()
    }
    return DetectionScores(
      try evaluationErrors { () throws(EvaluationError) in try result.get() })
  }
}
