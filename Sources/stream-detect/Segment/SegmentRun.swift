internal import Logging
internal import Media
internal import Models
internal import Output
internal import Pipeline
internal import SSDLite
internal import StreamDetect

/// One run of `segment`, from the options to the exit status.
struct SegmentRun {
  private let command: SegmentCommand
  private let logger: Logger
  private let plan: SegmentationRun.Plan
  private let passedOver: PassedOver

  /// Checks everything that can be checked before a source is opened.
  ///
  /// - Throws: The error that ends the program: errors of usage first, then of the model.
  init(_ command: SegmentCommand) throws {
    self.command = command
    let logger = command.report.makeLogger()
    self.logger = logger
    let precision = ComputePrecision(
      try command.engine.usedPrecision { logger.warning("\($0)") })
    let found = try command.source.expanded()
    passedOver = found.passedOver
    let sources = found.sources.map { Source($0) }
    let otherInputs =
      [command.model.model, command.model.labels].compactMap { $0 } + command.source.lists
    let outputs = command.output.runOutputs
    try outputs.check(against: sources, otherInputs: otherInputs)
    let model = try ModelResolution(logger: logger).segmenter(named: command.model.model)
    plan = try SegmentationRun.Plan(
      sources, model: model, labels: try command.model.labels(of: model), precision: precision,
      size: command.size.map { .init(width: $0.width, height: $0.height) },
      reading: command.selection.readingOptions(command.source, command.engine), outputs: outputs,
      otherInputs: otherInputs)
  }

  /// Opens the outputs, runs, and closes them.
  ///
  /// - Throws: `SinkError` when an output cannot be opened or finished.
  func run() throws -> ExitStatus {
    let wanted = plan.reading.workers(for: plan.sources)
    try ThreadLimit.check(workers: wanted.frames * wanted.threadsPerFrame)
    let run = try SegmentationRun(plan, logger: logger)
    FFmpegLog.install(logger: logger)
    let control = run.control
    let signals = Signals(logger: logger) { control.stop() }
    try run.start()
    let progress = command.progressStyle.map {
      ProgressReporter(control, style: $0, countsObjects: false)
    }
    var summary = run.perform(sinks: [FailureReporter(logger: logger)])
    summary.passedOver = passedOver
    progress?.finish(saysLast: summary.outputError?.kind != .brokenPipe)
    if !passedOver.isEmpty { logger.notice("\(passedOver.summary)") }
    let status = ExitStatus(summary, signal: signals.status)
    if let error = summary.outputError, error.kind != .brokenPipe {
      logger.error("\(error.message)")
    }
    try run.finish(summary, exitCode: Int(status.rawValue))
    return status
  }
}
