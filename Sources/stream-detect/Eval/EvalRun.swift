internal import Annotations
internal import Models
internal import Logging
internal import Evaluation
internal import Media
internal import Output
internal import Pipeline
internal import SSDLite

/// One run of `eval`, from the options to the exit status.
struct EvalRun {
  /// What there is to compare with the truth.
  private struct Findings {
    var outcome: ComparisonBuilder.Outcome
    var matching: ClassMatching
    /// How the run over the images ended.
    var status = ExitStatus.complete
  }

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
    // What cannot be written is better known before the work than after it.
    let file = try OutputFile(command.output.output)
    let findings = try command.comparison.pred.map(read) ?? runModel()
    let report = EvaluationReport(
      findings.outcome.comparison, options: command.output.reportOptions)
    let document = EvalDocument(
      report: report, outcome: findings.outcome, matching: findings.matching, truth: truth)
    let wasStopped = [.interrupted, .terminated].contains(findings.status)
    EvalNotes(document: document, wasStopped: wasStopped, logger: logger).say()
    let text =
      command.output.format == .json ? document.json() : document.text(top: command.output.top)
    try file.write(Array(text.utf8))
    try file.finish()
    if let plot = command.output.plot {
      try PlotFile(path: plot).write(report.plot(), logger: logger)
    }
    if findings.status != .complete { return findings.status }
    return document.isMissingImages ? .badInput : .complete
  }

  /// Refuses to write to what is read.
  private static func check(_ command: EvalCommand) throws {
    let inputs: [String?] = [
      command.comparison.truth, command.comparison.pred, command.comparison.classMap,
      command.model.model, command.model.labels,
    ]
    let arguments = command.comparison.imageArguments
    let images = arguments.isEmpty ? [] : try expandedSources(arguments, isRecursive: true)
    let read = Set(
      (inputs.compactMap { $0 } + images.map(\.location)).compactMap { FileIdentity(path: $0) })
    let outputs: [(String, String?)] = [
      ("--output", command.output.output), ("--plot", command.output.plot),
    ]
    for (option, path) in outputs {
      guard let path else { continue }
      for written in [path, path + ".partial"] {
        guard let identity = FileIdentity(path: written), read.contains(identity) else { continue }
        throw ProgramError(
          .usage, "\(option) \(path)", "this output is one of the inputs",
          remedy: "Choose another path; inputs are never written to")
      }
    }
  }

  private func read(_ path: String) throws -> Findings {
    let file = try PredictionFile(path: path)
    switch file.content {
    case .results(let results):
      let names = truth.categories.map(\.name)
      let matching = try ClassMatching(
        truth: truth, model: .init(names: names, isComplete: true), map: map)
      let builder = ComparisonBuilder(truth: truth, matching: matching)
      return Findings(outcome: try builder.compare(results), matching: matching)
    case .frames(let frames):
      let matching = try ClassMatching(
        truth: truth, model: try modelClasses(of: file, frames), map: map)
      let outcome = try ComparisonBuilder(truth: truth, matching: matching)
        .compare(frames, missing: missing(by: .count))
      return Findings(outcome: outcome, matching: matching)
    }
  }

  /// The classes of the model that wrote a file: as told by --model or the file, else those found.
  private func modelClasses(
    of file: PredictionFile, _ frames: [FrameRecord]
  ) throws -> ClassMatching.ModelClasses {
    if command.model.model != nil {
      let model = try ModelResolution(logger: logger).detector(named: command.model.model)
      let labels = try command.model.labels(of: model)
      return .init(names: Array(labels.dropFirst()), isComplete: true)
    }
    if let names = file.classNames { return .init(names: names, isComplete: true) }
    var seen: Set<String> = []
    var names: [String] = []
    for object in frames.lazy.flatMap(\.objects) where seen.insert(object.label).inserted {
      names.append(object.label)
    }
    return .init(names: names, isComplete: file.classCount.map { names.count >= $0 } ?? false)
  }

  private func missing(by standard: ComparisonBuilder.Missing) -> ComparisonBuilder.Missing {
    switch command.comparison.missing {
    case .count: .count
    case .skip: .skip
    case nil: standard
    }
  }

  private func runModel() throws -> Findings {
    let precision = try command.engine.usedPrecision { logger.warning("\($0)") }
    let sources = try expandedSources(command.comparison.imageArguments, isRecursive: true)
    let model = try ModelResolution(logger: logger).detector(named: command.model.model)
    let labels = try command.model.labels(of: model)
    let matching = try ClassMatching(
      truth: truth, model: .init(names: Array(labels.dropFirst()), isComplete: true), map: map)
    let assignment = try FrameAssignment(
      images: truth.images.map(\.name), frames: sources.map(\.name))
    let wanted = assignment.frames.compactMap { $0 }.map { sources[$0] }
    let sink = CollectingSink(labels: labels)
    let status = try look(
      at: wanted,
      with: try model.makeDetector(
        precision: precision, frameThreads: command.engine.workers(for: wanted).threadsPerFrame),
      scores: command.scores.detectionOptions(model: model.description), into: sink)
    var outcome = try ComparisonBuilder(truth: truth, matching: matching)
      .compare(sink.frames, missing: missing(by: .skip))
    outcome.withoutTruth = assignment.unassigned.map { sources[$0].name }
    return Findings(outcome: outcome, matching: matching, status: status)
  }

  private func look(
    at sources: [MediaSource], with detector: Detector, scores: DetectionOptions,
    into sink: CollectingSink
  ) throws -> ExitStatus {
    var options = PipelineOptions(input: InputOptions(), detection: scores)
    options.selection.limit = 1
    options.tiles = command.tiles.grid
    options.threads = command.engine.workers(for: sources).frames
    let control = PipelineControl()
    let signals = Signals(logger: logger) { control.stop() }
    let pipeline = DetectionPipeline(
      detector: detector, options: options, sinks: [sink, FailureReporter(logger: logger)],
      control: control)
    let progress = command.progressStyle.map { ProgressReporter(control, style: $0) }
    let summary = pipeline.run(sources)
    progress?.finish()
    return ExitStatus(summary, signal: signals.status)
  }
}
