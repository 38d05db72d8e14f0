internal import Layers
internal import ArgumentParser
internal import Logging
internal import Media
internal import Models
internal import SSDLite

/// `stream-detect models quantize`.
struct ModelsQuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Makes a model file that can run in 8-bit integers.",
    discussion: """
      Runs the model on images or videos that are like those it will see, and adds the range of each \
      feature map (smallest and largest number) to the model. The weights stay as they are, unless an \
      option changes them. Then it compares what the detector finds in integers with what it finds in \
      FP32 and, with --truth, how good both are.
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

  @Option(help: ArgumentHelp("Use at most so many frames in all.", valueName: "n"))
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
    try refuseOverwriting(file, with: output)
    let measurement = try cost.truth.map {
      guard file.description.architecture.isDetector else {
        throw ProgramError(
          .usage, "--truth", "the model finds no boxes", remedy: "Leave the option out")
      }
      return try QuantizeCost(truth: $0, images: cost.images ?? calibrate, logger: logger)
    }
    let sources = try expandedSources(calibrate, isRecursive: false)
    var calibrator = try Calibrator(file)
    let frames = CalibrationFrames(
      sources: sources, stride: stride, limit: limit, width: calibrator.inputWidth,
      height: calibrator.inputHeight)
    var failures: [MediaError] = []
    var passes = 0
    try calibrator.calibrate(choices.options) { body in
      passes += 1
      frames.forEach {
        guard passes == 1 else { return }
        failures.append($0)
        logger.error("\($0)")
      } _: {
        body($0)
      }
    }
    guard calibrator.images > 0 else {
      throw ProgramError(
        .badInput, calibrate.joined(separator: ", "), "no frame of it could be decoded",
        remedy: "Give images or videos that 'stream-detect probe' can read")
    }
    let quantized = try calibrator.write(to: output)
    try printText(
      "\(output): \(calibrator.quantization.activations.count) ranges from "
        + "\(calibrator.images) images")
    if choices.equalize {
      try printText("channels made alike in \(calibrator.equalizedMaps) feature maps")
    }
    if file.description.architecture.isDetector {
      try printText(summary(of: try agreement(file, quantized, on: frames), of: quantized))
    }
    if let measurement { try printText(measurement.summary(exact: file, rounded: quantized)) }
    if failures.contains(where: \.isTransient) { throw ExitStatus.transientFailure }
    if !failures.isEmpty { throw ExitStatus.badInput }
  }

  private func agreement(
    _ original: ModelFile, _ model: ModelFile, on frames: CalibrationFrames
  ) throws -> DetectionAgreement {
    let description = model.description
    let options = DetectionOptions(
      scoreThreshold: description.scoreThreshold / 2, iouThreshold: description.iouThreshold)
    let exact = try original.makeDetector().makeWorker(options: options)
    let rounded = try model.makeDetector(precision: .int8).makeWorker(options: options)
    var agreement = DetectionAgreement()
    frames.forEach { pixels in
      agreement.add(
        reference: exact.detect(rgb: pixels), other: rounded.detect(rgb: pixels),
        threshold: description.scoreThreshold)
    }
    return agreement
  }

  private func summary(of agreement: DetectionAgreement, of model: ModelFile) -> String {
    """
    objects of \(decimals(Double(model.description.scoreThreshold), 2)) or more: \
    \(agreement.expected) in FP32, \(agreement.found) in 8 bits; \
    \(agreement.matched) of FP32's (\(decimals(100 * agreement.share, 1)) %) are found again at an \
    overlap of \(decimals(Double(agreement.iouThreshold), 1)), \
    their scores \(decimals(agreement.meanScoreChange, 3)) apart on average
    """
  }
}
