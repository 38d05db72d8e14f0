internal import Batch
internal import Foundation
internal import Logging
internal import Media
internal import Models
internal import Output
internal import Pipeline
internal import StreamDetect
internal import Support

/// One worker of a batch, from the options to the exit status.
struct BatchRun {
  private let command: BatchRunCommand
  private let logger: Logger
  private let precision: ComputePrecision
  private let model: ModelFile
  private let labels: [String]
  private let list: BatchList
  private let shard: Shard
  private let store: BatchStore

  /// Checks everything that can be checked before a source is opened.
  ///
  /// - Throws: The error that ends the program: errors of usage first, then of the model.
  init(_ command: BatchRunCommand) throws {
    self.command = command
    let logger = command.report.makeLogger()
    self.logger = logger
    precision = ComputePrecision(try command.engine.usedPrecision { logger.warning("\($0)") })
    shard = try command.work.chosenShard(ProcessInfo.processInfo.environment)
    model = try ModelResolution(logger: logger).detector(named: command.model.model)
    labels = try command.model.labels(of: model)
    list = try BatchList(command, model, labels: labels, precision: precision)
    store = BatchStore(
      root: command.output.outDir,
      model: .init(name: model.description.name, sha256: model.sha256()),
      folders: command.output.folders)
  }

  /// Does what isn't done yet.
  ///
  /// - Throws: Errors that end the program.
  func run() throws -> ExitStatus {
    let stop = BatchStop(grace: command.work.grace.seconds)
    let signals = Signals(
      logger: logger, notice: "finishing the sources in work; interrupt again to stop at once",
      status: .checkpoint
    ) { stop.ask() }
    defer { withExtendedLifetime(signals) {} }
    if !list.passedOver.isEmpty { logger.notice("\(list.passedOver.summary)") }
    try BatchPlan(list.items, store: store).write()
    let items = list.items.filter { shard.contains($0.id) }
    let before = Survey(items, store.standings(of: items), command.work.retryFailed)
    logger.notice("\(before.sentence(shard, of: list.items.count))")
    guard !before.open.isEmpty else { return before.failed > 0 ? .badInput : .complete }
    let work = BatchWork(before.open, in: store, retriesFailed: command.work.retryFailed)
    stop.watch(work)
    let worker = try BatchWorker(
      command, list, work, model: model, labels: labels, precision: precision, stop: stop,
      logger: logger)
    let error = try worker.run(before.open)
    work.discardOpen()
    if let error { logger.error("\(error.message)") }
    logger.notice("\(Survey.sentence(work.tally, of: before.open.count))")
    return status(before, work, error)
  }

  private func status(_ before: Survey, _ work: BatchWork, _ error: SinkError?) -> ExitStatus {
    if let error { return ExitStatus(error) }
    let tally = work.tally
    let ended =
      tally.complete + tally.damaged + tally.failed + tally.transient + tally.elsewhere
    if ended < before.open.count { return .checkpoint }
    if tally.transient > 0 { return .transientFailure }
    return before.failed + tally.failed + tally.damaged > 0 ? .badInput : .complete
  }

  /// How the sources of a shard stand before the work.
  private struct Survey {
    var open: [BatchItem] = []
    var done = 0
    /// Failed for good, or with a result that lacks something.
    var failed = 0

    init(_ items: [BatchItem], _ standings: [BatchStore.Standing], _ retriesFailed: Bool) {
      for (item, standing) in zip(items, standings) {
        switch standing {
        case .open: open.append(item)
        case .failed where retriesFailed: open.append(item)
        case .failed: failed += 1
        case .done(let receipt) where receipt.status != .complete: failed += 1
        case .done: done += 1
        }
      }
    }

    func sentence(_ shard: Shard, of total: Int) -> String {
      let all = open.count + done + failed
      let part = shard == .whole ? "" : "shard \(shard) has \(all) of \(total) sources; "
      return "\(part)\(done) of \(all) done" + (failed > 0 ? ", \(failed) bad for good" : "")
        + ", \(open.count) to do"
    }

    static func sentence(_ tally: BatchWork.Tally, of total: Int) -> String {
      let parts = [
        (tally.complete, "complete"), (tally.damaged, "incomplete for good"),
        (tally.failed, "failed for good"), (tally.transient, "to be tried again"),
        (tally.elsewhere, "done by another worker"), (tally.stopped, "broken off"),
      ].filter { $0.0 > 0 || $0.1 == "complete" }.map { "\($0.0) \($0.1)" }
      let left =
        total - tally.complete - tally.damaged - tally.failed - tally.transient - tally.elsewhere
      return parts.joined(separator: ", ") + (left > 0 ? "; \(left) left to do" : "")
    }
  }
}
