internal import ArgumentParser
internal import Logging
internal import StreamDetect

/// `stream-detect models quantize`.
struct ModelsQuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Makes a model file that can run in 8-bit integers.",
    discussion: """
      Runs the model on images or videos that are like those it will see, and adds the range of each \
      feature map (smallest and largest number) to the model. The weights stay as they are. Then it \
      compares what the detector finds in integers with what it finds in FP32.
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
    if let identity = FileIdentity(path: output), identity == FileIdentity(path: file.path) {
      throw ProgramError(
        .usage, output, "this output is the input", remedy: "Choose another path")
    }
    let sources = try expandedSources(calibrate, isRecursive: false)
    var calibrator = try Calibrator(file)
    let frames = CalibrationFrames(
      sources: sources, stride: stride, limit: limit, width: calibrator.inputWidth,
      height: calibrator.inputHeight)
    var failures: [MediaError] = []
    frames.forEach {
      failures.append($0)
      logger.error("\($0)")
    } _: {
      calibrator.observe(rgb: $0)
    }
    guard calibrator.images > 0 else {
      throw ProgramError(
        .badInput, calibrate.joined(separator: ", "), "no frame of it could be decoded",
        remedy: "Give images or videos that 'stream-detect probe' can read")
    }
    let quantized = try file.write(to: output, with: calibrator.quantization)
    try printText(
      "\(output): \(calibrator.quantization.activations.count) ranges from "
        + "\(calibrator.images) images")
    if file.description.architecture.isDetector {
      try printText(summary(of: try agreement(quantized, on: frames), of: quantized))
    }
    if failures.contains(where: \.isTransient) { throw ExitStatus.transientFailure }
    if !failures.isEmpty { throw ExitStatus.badInput }
  }

  private func agreement(
    _ model: ModelFile, on frames: CalibrationFrames
  ) throws -> DetectionAgreement {
    let description = model.description
    let options = DetectionOptions(
      scoreThreshold: description.scoreThreshold / 2, iouThreshold: description.iouThreshold)
    let exact = try model.makeDetector().makeWorker(options: options)
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
