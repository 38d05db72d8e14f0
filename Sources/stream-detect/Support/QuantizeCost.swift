internal import Annotations
internal import Logging
internal import Evaluation
internal import Layers
internal import Media
internal import Models
internal import Pipeline
internal import SSDLite

/// What integers cost, where it is known what images show.
struct QuantizeCost {
  private let truth: AnnotationSet
  private let sources: [MediaSource]
  private let logger: Logger

  /// Reads the truth and finds its images.
  ///
  /// - Throws: `AnnotationError`, `EvaluationError` or `ProgramError`, all of which mean status 2.
  init(truth path: String, images: [String], logger: Logger) throws {
    truth = try AnnotationSet(path: path, honorsIgnore: false)
    for note in truth.notes { logger.warning("\(path): \(note).") }
    let all = try expandedSources(images, isRecursive: true)
    let assignment = try FrameAssignment(
      images: truth.images.map(\.name), frames: all.map(\.name))
    sources = assignment.frames.compactMap { $0 }.map { all[$0] }
    self.logger = logger
    guard !sources.isEmpty else {
      throw ProgramError(
        .usage, path, "none of its images is among those that were given",
        remedy: "Name their folder with --images")
    }
  }

  /// COCO's figures of the model in FP32 and in integers, in words.
  ///
  /// - Throws: What building the networks throws.
  func summary(exact: ModelFile, rounded: ModelFile) throws -> String {
    let before = try figures(exact, .fp32)
    let after = try figures(rounded, .int8)
    func line(_ figure: COCOFigures.Name, _ title: String) -> String {
      "\(title) \(decimals(before[figure], 3)) in FP32, \(decimals(after[figure], 3)) in 8 bits"
    }
    return """
      on \(sources.count) images: \(line(.AP, "mAP")); \(line(.AP50, "AP50")); integers cost \
      \(decimals(before[.AP] - after[.AP], 3)) mAP
      """
  }

  private func figures(_ model: ModelFile, _ precision: Precision) throws -> COCOFigures {
    let labels = model.description.labels
    let matching = try ClassMatching(
      truth: truth, model: .init(names: Array(labels.dropFirst()), isComplete: true), map: nil)
    let sink = CollectingSink(labels: labels)
    // As eval's defaults: everything counts, by its score.
    var options = PipelineOptions(
      input: InputOptions(),
      detection: DetectionOptions(
        scoreThreshold: 0.001, iouThreshold: model.description.iouThreshold,
        maximumDetections: 1000))
    options.selection.limit = 1
    let detector = try model.makeDetector(precision: precision)
    let pipeline = DetectionPipeline(
      detector: detector, options: options, sinks: [sink, FailureReporter(logger: logger)])
    _ = pipeline.run(sources)
    let outcome = try ComparisonBuilder(truth: truth, matching: matching)
      .compare(sink.frames, missing: .skip)
    return EvaluationReport(outcome.comparison).figures
  }
}
