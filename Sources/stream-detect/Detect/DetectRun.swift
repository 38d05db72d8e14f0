internal import Logging
internal import Media
internal import Models
internal import Output
internal import Pipeline
internal import StreamDetect

/// One run of `detect`, from the options to the exit status.
struct DetectRun {
  private let command: DetectCommand
  private let logger: Logger
  private let model: ModelFile
  private let labels: [String]
  private let precision: ComputePrecision
  private let plan: DetectionRun.Plan
  private let passedOver: PassedOver

  /// Checks everything that can be checked before a source is opened.
  ///
  /// - Throws: The error that ends the program: errors of usage first, then of the model.
  init(_ command: DetectCommand) throws {
    self.command = command
    let logger = command.report.makeLogger()
    self.logger = logger
    precision = ComputePrecision(try command.engine.usedPrecision { logger.warning("\($0)") })
    let options = try command.objectOptions()
    let found = try command.source.expanded()
    let sources = found.sources.map { Source($0) }
    passedOver = found.passedOver
    var outputs = command.output.runOutputs
    outputs.writesFrames = !command.zones.eventsOnly
    let otherInputs =
      [command.model.model, command.model.labels].compactMap { $0 } + command.zones.zones
      + command.source.lists
    try outputs.check(against: sources, otherInputs: otherInputs)
    model = try ModelResolution(logger: logger).detector(named: command.model.model)
    labels = try command.model.labels(of: model)
    plan = try DetectionRun.Plan(
      sources, model: StoredModel(model), labels: labels,
      options: options,
      reading: command.selection.readingOptions(command.source, command.engine), outputs: outputs,
      otherInputs: otherInputs)
  }

  /// Opens the outputs, runs, and closes them.
  ///
  /// - Throws: `SinkError` when an output cannot be opened or finished.
  func run() throws -> ExitStatus {
    let wanted = plan.reading.workers(for: plan.sources)
    try ThreadLimit.check(workers: wanted.frames * wanted.threadsPerFrame)
    // Takes as long as packing the weights, so it runs meanwhile.
    let hash = Background { [model] in model.sha256() }
    let threadsPerFrame = plan.reading.workers(for: plan.sources).threadsPerFrame
    let detector = try Detector(
      model, labels: labels, precision: precision, frameThreads: threadsPerFrame)
    noteUnusedPackedWeights(isPrepacked: try detector.usesPackedWeights(threadsPerFrame))
    let run = try DetectionRun(plan, detector: detector, logger: logger) { hash.wait() }
    model.releasePages()
    FFmpegLog.install(logger: logger)
    let control = run.control
    let signals = Signals(logger: logger) { control.stop() }
    try run.start()
    let progress = command.progressStyle.map { ProgressReporter(control, style: $0) }
    var summary = run.perform(sinks: [FailureReporter(logger: logger)])
    summary.passedOver = passedOver
    // A reader that closed the pipe does not want the last line of progress either.
    progress?.finish(saysLast: summary.outputError?.kind != .brokenPipe)
    if !passedOver.isEmpty { logger.notice("\(passedOver.summary)") }
    let status = ExitStatus(summary, signal: signals.status)
    if let error = summary.outputError, error.kind != .brokenPipe {
      logger.error("\(error.message)")
    }
    for output in summary.outputs where output.missed > 0 {
      // What ended the run has been said.
      guard output.error == nil || output.error != summary.outputError else { continue }
      logger.warning(
        "\(output.name): \(output.missed) of \(output.written + output.missed) frames not sent")
    }
    try run.finish(summary, exitCode: Int(status.rawValue))
    return status
  }

  private func noteUnusedPackedWeights(isPrepacked: Bool) {
    guard !model.packedSections.isEmpty && !isPrepacked else { return }
    logger.notice(
      """
      \(model.path): its packed weights are for another processor, precision or version. \
      To pack them again: stream-detect models pack \(model.path) -o MODEL --precision \
      \(precision.rawValue)
      """)
  }
}
