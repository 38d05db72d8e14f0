internal import Annotations
internal import Models
internal import Logging
internal import Evaluation
internal import Layers
internal import Media
internal import Output
internal import Pictures
internal import Pipeline
internal import SSDLite
internal import StreamDetect

/// One run of `eval`, from the options to the exit status.
struct EvalRun {
  private let command: EvalCommand
  private let logger: Logger
  private let truth: AnnotationSet
  private let map: ClassMap?

  /// Checks the outputs and reads the truth.
  ///
  /// - Throws: `AnnotationError`, `EvaluationError` or `ProgramError`, all of which mean status 2.
  init(_ command: EvalCommand) throws {
    self.command = command
    let logger = command.report.makeLogger()
    self.logger = logger
    FFmpegLog.install(logger: logger)
    try Self.check(command)
    truth = try AnnotationSet(
      path: command.comparison.truth, honorsIgnore: command.comparison.honorIgnore)
    map = try command.comparison.classMap.map { path throws(EvaluationError) in
      try ClassMap(path: path)
    }
    for note in truth.notes { logger.warning("\(command.comparison.truth): \(note).") }
  }

  /// Runs the model or reads results, measures, and writes the report.
  ///
  /// - Throws: `SinkError` when the report cannot be written.
  func run() throws -> ExitStatus {
    // Opened first, so that a file that cannot be written fails before the work and not after it.
    let file = try OutputFile(command.output.output)
    let (findings, status) = try command.comparison.pred.map(read) ?? runModel()
    let document = EvaluationDocument(findings, options: command.output.reportOptions)
    let wasStopped = [.interrupted, .terminated].contains(status)
    EvalNotes(document: document, wasStopped: wasStopped, logger: logger).say()
    let text =
      command.output.format == .json ? document.json() : document.text(top: command.output.top)
    try file.write(Array(text.utf8))
    try file.finish()
    if let path = command.output.plot { try draw(document.report.plot(), to: path) }
    if status != .complete { return status }
    return document.isMissingImages ? .badInput : .complete
  }

  /// Rejects outputs that are also inputs.
  private static func check(_ command: EvalCommand) throws {
    let inputs: [String?] = [
      command.comparison.truth, command.comparison.pred, command.comparison.classMap,
      command.model.model, command.model.labels,
    ]
    let arguments = command.comparison.imageArguments
    let images = arguments.isEmpty ? [] : try expandedSources(arguments, isRecursive: true)
    let read = InputFiles(inputs.compactMap { $0 } + images.map(\.location))
    let outputs: [(String, String?)] = [
      ("--output", command.output.output), ("--plot", command.output.plot),
    ]
    for (option, path) in outputs {
      guard let path, isRegularOutput(path), read.contains(path) else { continue }
      throw ProgramError(
        .usage, "\(option) \(path)", "this output is one of the inputs",
        remedy: "Choose another path; inputs are never written to")
    }
    if let plot = command.output.plot, isSamePlace(plot, command.output.output) {
      throw ProgramError(
        .usage, "--plot \(plot)", "the report goes to the same file", remedy: "Give each its own")
    }
  }

  private func read(_ path: String) throws -> (EvaluationFindings, ExitStatus) {
    let file = try PredictionFile(path: path)
    var labels: [String]?
    if case .frames = file.content, let name = command.model.model {
      let model = try ModelResolution(logger: logger).detector(named: name)
      labels = Array(try command.model.labels(of: model).dropFirst())
    }
    let findings = try EvaluationFindings(
      file, truth: truth, labels: labels, classMap: map, missing: missing(default: .count))
    return (findings, .complete)
  }

  private func missing(default: ComparisonBuilder.Missing) -> ComparisonBuilder.Missing {
    switch command.comparison.missing {
    case .count: .count
    case .skip: .skip
    case nil: `default`
    }
  }

  private func runModel() throws -> (EvaluationFindings, ExitStatus) {
    let precision = try command.engine.usedPrecision { logger.warning("\($0)") }
    let sources = try expandedSources(
      command.comparison.imageArguments, isRecursive: true, logger: logger)
    let model = try ModelResolution(logger: logger).detector(named: command.model.model)
    let evaluation = try DetectorEvaluation(
      truth: truth, labels: try command.model.labels(of: model), classMap: map, sources: sources)
    let workers = command.engine.workers(for: evaluation.sources)
    let architecture = model.description.architecture
    let own = SSDLite.InputSize(width: architecture.inputWidth, height: architecture.inputHeight)
    let pyramid = DetectorPyramid(
      try command.views.sizes.levels(own: own).map {
        try model.makeDetector(
          precision: precision, frameThreads: workers.threadsPerFrame, size: $0)
      })
    try pyramid.reserve(sessions: workers.frames)
    var options = PipelineOptions(
      input: InputOptions(), detection: command.scores.detectionOptions(model: model.description))
    options.tiles = command.views.grid
    options.sizes = command.views.sizes
    options.threads = workers.frames
    let control = PipelineControl()
    let signals = Signals(logger: logger) { control.stop() }
    let progress = command.progressStyle.map { ProgressReporter(control, style: $0) }
    defer { progress?.finish() }
    let findings = try evaluation.run(
      pyramid, options: options, missing: missing(default: .skip),
      sinks: [FailureReporter(logger: logger)], control: control)
    let status = findings.summary.map { ExitStatus($0, signal: signals.status) }
    return (findings, status ?? .complete)
  }

  private func draw(_ plot: Plot, to path: String) throws {
    guard let format = PlotFormat(path: path) else {
      preconditionFailure("EvalOutputOptions accepted --plot \(path)")
    }
    var font: Font?
    if format == .png {
      do {
        font = try Font.system()
      } catch {
        logger.warning("the plot has no text: \(error)")
      }
    }
    try plot.save(to: path, as: format, font: font)
  }
}
