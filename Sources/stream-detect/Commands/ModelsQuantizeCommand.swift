internal import Annotations
internal import ArgumentParser
internal import Evaluation
internal import Logging
internal import Layers
internal import Media
internal import Models
internal import Pipeline
internal import SSDLite
internal import StreamDetect

/// `stream-detect models quantize`.
struct ModelsQuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Makes a model file that can run in 8-bit integers.",
    discussion: """
      Runs the model on images or videos like those it will process, and adds the range of each \
      feature map (smallest and largest value) to the model. The weights stay as they are unless \
      an option changes them. Then it compares the detections in integers with those in FP32 and, \
      with --truth, the accuracy of both.
      """)

  @Argument(help: ArgumentHelp("Name or path of a model.", valueName: "model"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "Image, folder, video or @LIST to calibrate on; may be given several times.",
      valueName: "source"))
  var calibrate: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "path"))
  var output: String

  @Option(help: ArgumentHelp("Use every n-th frame of a video.", valueName: "n"))
  var stride = 10

  @Option(help: ArgumentHelp("Use at most this many frames in total.", valueName: "n"))
  var limit = 1000

  @OptionGroup(title: "Quantisation") var choices: QuantizeOptions
  @OptionGroup(title: "What it costs") var cost: QuantizeCostOptions
  @OptionGroup(title: "Messages") var report: ReportOptions

  func validate() throws {
    if calibrate.isEmpty { throw ValidationError("--calibrate is missing.") }
    if stride < 1 { throw ValidationError("--stride is \(stride); it must be at least 1.") }
    if limit < 1 { throw ValidationError("--limit is \(limit); it must be at least 1.") }
  }

  func run() throws {
    let logger = report.makeLogger()
    FFmpegLog.install(logger: logger)
    let file = try ModelDirectory().open(model)
    let sources = try expandedSources(calibrate, isRecursive: false, logger: logger)
    try refuseOverwriting([file.path, cost.truth] + sources.map(\.location), with: output)
    if cost.truth != nil && !file.description.architecture.isDetector {
      throw ProgramError(
        .usage, "--truth", "the model is not a detector", remedy: "Leave out the option")
    }
    let evaluation = try cost.truth.map { try costEvaluation(of: file, truth: $0, logger) }
    var calibrator = try Calibrator(file)
    let frames = CalibrationFrames(
      sources: sources, stride: stride, limit: limit, width: calibrator.inputWidth,
      height: calibrator.inputHeight)
    var failures: [MediaError] = []
    try calibrator.calibrate(choices.options, on: frames) {
      failures.append($0)
      logger.error("\($0)")
    }
    guard calibrator.images > 0 else {
      throw ProgramError(
        .badInput, calibrate.joined(separator: ", "), "no frame could be decoded",
        remedy: "Give images or videos that 'stream-detect probe' can read")
    }
    let quantized = try calibrator.write(to: output)
    try printText(
      "\(output): \(calibrator.quantization.activations.count) ranges from "
        + "\(calibrator.images) images")
    if choices.equalize {
      try printText("channels evened out in \(calibrator.equalizedMaps) feature maps")
    }
    if file.description.architecture.isDetector {
      let agreement = try DetectionAgreement(of: file, calibrated: quantized, on: frames)
      try printText(summary(of: agreement, of: quantized))
    }
    if let evaluation {
      let measured = try QuantizationCost(
        of: file, calibrated: quantized, on: evaluation, sinks: [FailureReporter(logger: logger)])
      try printText(summary(of: measured, images: evaluation.sources.count))
    }
    if failures.contains(where: \.isTransient) { throw ExitStatus.transientFailure }
    if !failures.isEmpty { throw ExitStatus.badInput }
  }

  /// The evaluation that shows what 8-bit integers cost.
  private func costEvaluation(
    of file: ModelFile, truth path: String, _ logger: Logger
  ) throws -> DetectorEvaluation {
    let truth = try AnnotationSet(path: path, honorsIgnore: false)
    for note in truth.notes { logger.warning("\(path): \(note).") }
    let evaluation = try DetectorEvaluation(
      truth: truth, labels: file.description.labels,
      sources: try expandedSources(cost.images ?? calibrate, isRecursive: true))
    guard !evaluation.sources.isEmpty else {
      throw ProgramError(
        .usage, path, "none of its images was given",
        remedy: "Name their folder with --images")
    }
    return evaluation
  }

  private func summary(of agreement: DetectionAgreement, of model: ModelFile) -> String {
    """
    objects with scores of at least \(decimals(Double(model.description.scoreThreshold), 2)): \
    \(agreement.expected) in FP32, \(agreement.found) in 8 bits; \
    \(agreement.matched) of those in FP32 (\(decimals(100 * agreement.share, 1)) %) are matched at \
    IoU \(decimals(Double(agreement.iouThreshold), 1)), with scores that differ by \
    \(decimals(agreement.meanScoreChange, 3)) on average
    """
  }

  private func summary(of cost: QuantizationCost, images: Int) -> String {
    func line(_ figure: COCOFigures.Name, _ title: String) -> String {
      "\(title) \(decimals(cost.float[figure], 3)) in FP32, "
        + "\(decimals(cost.integer[figure], 3)) in 8 bits"
    }
    return """
      on \(images) images: \(line(.AP, "mAP")); \(line(.AP50, "AP50")); integers cost \
      \(decimals(cost.loss, 3)) mAP
      """
  }
}
