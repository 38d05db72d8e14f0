internal import Batch
internal import Foundation
internal import Logging
internal import Media
internal import Models
internal import Output
internal import Pipeline
internal import StreamDetect
internal import Support

/// Runs the sources that are to be done: those with the same options in one run of the pipeline,
/// with one detector for all of them.
struct BatchWorker {
  private let command: BatchRunCommand
  private let list: BatchList
  private let work: BatchWork
  private let model: ModelFile
  private let labels: [String]
  private let detector: Detector
  private let stop: BatchStop
  private let logger: Logger
  private let printer: ReceiptPrinter?
  private let started = Date()
  private let runID: String

  /// Prepares the detector.
  ///
  /// - Throws: Errors of the model, `ProgramError` without threads.
  init(
    _ command: BatchRunCommand, _ list: BatchList, _ work: BatchWork, model: ModelFile,
    labels: [String], precision: ComputePrecision, stop: BatchStop, logger: Logger
  ) throws {
    self.command = command
    self.list = list
    self.work = work
    self.model = model
    self.labels = labels
    self.stop = stop
    self.logger = logger
    let workers = command.readingOptions.workers(for: [])
    try ThreadLimit.check(workers: workers.frames * workers.threadsPerFrame)
    detector = try Detector(
      model, labels: labels, precision: precision, frameThreads: workers.threadsPerFrame)
    model.releasePages()
    FFmpegLog.install(logger: logger)
    printer = command.output.receipts ? ReceiptPrinter() : nil
    runID = DetectionRun.identifier(started)
  }

  /// Does the sources, and returns the error of an output that has ended it.
  ///
  /// - Throws: Errors of options.
  func run(_ items: [BatchItem]) throws -> SinkError? {
    var waiting = items
    while !waiting.isEmpty, !work.isEnding {
      if let error = try runOnce(waiting) ?? work.error { return error }
      waiting = awaitOthers(work.takeInUse())
    }
    return work.error
  }

  /// Waits until one of the sources that other workers have is free, or all of them are done.
  private func awaitOthers(_ items: [BatchItem]) -> [BatchItem] {
    guard !items.isEmpty else { return [] }
    logger.notice("\(items.count) sources are in another worker's hands; waiting for them")
    var items = items
    while !items.isEmpty, !work.isEnding {
      Thread.sleep(forTimeInterval: 0.2)
      let free = work.free(among: &items)
      if !free.isEmpty { return free + items }
    }
    return []
  }

  private func runOnce(_ items: [BatchItem]) throws -> SinkError? {
    let groups = Dictionary(grouping: items) { list.variantOf[$0.id] ?? 0 }
    for (number, items) in groups.sorted(by: { $0.key < $1.key }) where !work.isEnding {
      if let error = try run(list.variants[number], items) { return error }
    }
    return nil
  }

  private func run(_ variant: BatchVariant, _ items: [BatchItem]) throws -> SinkError? {
    let places = Dictionary(items.map { ($0.id, $0.place) }) { first, _ in first }
    var plan = try variant.plan(
      items.map(\.source), model, labels: labels, otherInputs: otherInputs)
    plan.hasOtherLines = true
    plan.place = { places[$0] ?? PlainPath.of($0) }
    plan.options.admits = { [work] in work.admits($0) }
    plan.options.sourceTimeout = command.source.sourceTimeout?.seconds
    let hash = work.store.model.sha256
    let run = try DetectionRun(plan, detector: detector, logger: logger) { hash }
    stop.watch(run.control)
    defer { stop.watch(nil) }
    var settings = BatchSink.Settings(
      run: plan.runRecord(detector, id: runID, started: started, modelHash: hash),
      labels: labels)
    settings.writesFrames = !variant.command.zones.eventsOnly
    settings.snapshots = run.snapshots
    let sink = BatchSink(
      work, settings, pictures: run.takePictures(), tell: { [printer] in printer?.print($0) },
      note: { [logger] in logger.warning("\($0)") })
    let progress = command.progressStyle.map { ProgressReporter(run.control, style: $0) }
    let summary = run.perform(sinks: [sink, FailureReporter(logger: logger)])
    progress?.finish()
    return summary.outputError
  }

  private var otherInputs: [String] {
    [command.model.model, command.model.labels].compactMap { $0 } + command.zones.zones
      + command.source.sources.filter { $0.utf8.first == UInt8(ascii: "@") }
      .map { String($0.dropFirst()) }
  }
}

/// Prints receipts on standard output for as long as it has a reader.
final class ReceiptPrinter: @unchecked Sendable {
  // Sendable because the sink's thread alone uses it.
  private var output: OutputFile?

  init() { output = try? OutputFile("-") }

  /// Prints a receipt; results don't depend on who reads it, so a reader that has gone is no error.
  func print(_ receipt: Receipt) {
    do {
      try output?.write(receipt.line)
      try output?.flush()
    } catch {
      output = nil
    }
  }
}
