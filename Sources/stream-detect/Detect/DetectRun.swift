internal import Support
internal import Foundation
internal import Logging
internal import Layers
internal import Media
internal import Models
internal import Output
internal import Pipeline
internal import SSDLite

/// One run of `detect`, from the options to the exit status.
struct DetectRun {
  private let command: DetectCommand
  private let logger: Logger
  private let sources: [MediaSource]
  private let model: ModelFile
  private let labels: [String]
  private let detection: DetectionOptions
  private let precision: Precision

  /// Checks everything that can be checked before a source is opened.
  ///
  /// - Throws: What ends the program: faults of usage first, then of the model.
  init(_ command: DetectCommand) throws {
    self.command = command
    let logger = command.report.makeLogger()
    self.logger = logger
    precision = try command.engine.usedPrecision { logger.warning("\($0)") }
    sources = try command.source.expanded()
    try OutputCheck(sources: sources).check(command.output)
    model = try ModelResolution(logger: logger).detector(named: command.model.model)
    labels = try command.model.labels(of: model)
    detection = try command.scores.detectionOptions(model: model.description, labels: labels)
  }

  /// Opens the outputs, runs, and closes them.
  ///
  /// - Throws: `SinkError` when an output cannot be opened or finished.
  func run() throws -> ExitStatus {
    // Takes as long as packing the weights.
    let hash = Background { [model] in model.sha256() }
    let detector = try model.makeDetector(
      precision: precision, frameThreads: command.engine.workers(for: sources).threadsPerFrame)
    if !model.packedSections.isEmpty && !detector.network.isPrepacked {
      logger.notice(
        """
        \(model.path): its packed weights are not for this processor, precision and program. \
        One that starts sooner: stream-detect models pack \(model.path) -o MODEL --precision \
        \(precision.rawValue)
        """)
    }
    let lines = try makeLines(modelHash: hash)
    model.releasePages()
    FFmpegLog.install(logger: logger)
    let pictures = PictureOutputs(command.output, sources: sources, labels: labels)
      .makeSinks(logger: logger)
    let sinks: [any ResultSink] =
      [lines].compactMap { $0 } + pictures + [FailureReporter(logger: logger)]
    let control = PipelineControl()
    let signals = Signals(logger: logger) { control.stop() }
    let pipeline = DetectionPipeline(
      detector: detector, options: pipelineOptions(), sinks: sinks, control: control)
    try lines?.start()
    let progress = command.progressStyle.map { ProgressReporter(control, style: $0) }
    let summary = pipeline.run(sources)
    // A reader that went away has seen enough; nobody waits for the last line either.
    progress?.finish(saysLast: summary.outputError?.kind != .brokenPipe)
    let status = ExitStatus(summary, signal: signals.status)
    if let error = summary.outputError, error.kind != .brokenPipe {
      logger.error("\(error.message)")
    }
    for output in summary.outputs where output.missed > 0 && output.error != summary.outputError {
      logger.warning(
        "\(output.name): \(output.missed) of \(output.written + output.missed) frames not sent")
    }
    try lines?.finish(summary, exitCode: Int(status.rawValue))
    return status
  }

  private func pipelineOptions() -> PipelineOptions {
    var options = PipelineOptions(input: command.source.open.inputOptions, detection: detection)
    options.selection = command.selection.frameSelection
    options.tiles = command.tiles.grid
    options.threads = command.engine.workers(for: sources).frames
    options.queueCapacity = command.source.queue
    options.livePolicy = command.source.livePolicy
    options.reconnect = command.source.reconnectPolicy
    options.stallTimeout = command.source.stallTimeout.seconds
    return options
  }

  private func makeLines(modelHash: Background<String>) throws -> JSONLinesSink? {
    guard let target = command.output.jsonlTarget else { return nil }
    return JSONLinesSink(try OutputFile(target), run: try runDescription(modelHash.wait()))
  }

  private func runDescription(_ modelHash: String) throws -> RunDescription {
    let architecture = model.description.architecture
    let started = Date().timeIntervalSince1970
    let suffix = String(UInt32.random(in: 0...UInt32.max), radix: 36)
    return RunDescription(
      tool: Program.version,
      runID: timestamp(secondsSince1970: started).filter(\.isNumber) + "-" + suffix,
      started: started,
      model: .init(
        name: model.description.name, sha256: modelHash,
        inputWidth: architecture.inputWidth, inputHeight: architecture.inputHeight, labels: labels),
      simd: InstructionSet.best.rawValue, precision: precision.rawValue,
      threads: command.engine.threadCount,
      options: recordedOptions(detection, command.selection, command.tiles.grid))
  }
}
