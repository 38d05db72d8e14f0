internal import Foundation
internal import Logging
internal import Models
internal import Pipeline

extension Detector {
  /// Analyses sources and writes the results, as the command line does.
  ///
  ///     let report = try await detector.analyze(
  ///       [Source("street.mp4")], outputs: RunOutputs(jsonLines: URL(filePath: "street.jsonl")))
  ///
  /// If the task is cancelled, reading stops, the frames that were decoded are still written, and
  /// the report says so.
  ///
  /// - Parameters:
  ///   - sources: What is read: files one after the other, live sources at the same time.
  ///   - options: Which objects are reported.
  ///   - reading: Which frames are analysed, and how sources are read.
  ///   - outputs: What is written.
  ///   - progress: Called once a second, and at the end, on a thread of its own.
  /// - Returns: How each source ended; a source that fails is not an error here.
  /// - Throws: ``StreamDetectError/options(_:)`` before anything is opened, and
  ///   ``StreamDetectError/output(_:)`` for an output that cannot be written.
  public func analyze(
    _ sources: [Source], options: ObjectOptions = ObjectOptions(),
    reading: ReadingOptions = ReadingOptions(), outputs: RunOutputs,
    progress: (@Sendable (RunProgress) -> Void)? = nil
  ) async throws(StreamDetectError) -> RunReport {
    let plan = try DetectionRun.Plan(
      sources, model: StoredModel(file), labels: labels, options: options, reading: reading,
      outputs: outputs)
    let stop = PipelineControl()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue(label: "stream-detect.library-run").async { [self] in
          continuation.resume(returning: execute(plan, control: stop, progress: progress))
        }
      }
    } onCancel: {
      stop.stop()
    }
    return try result.get()
  }

  /// The whole run, on the calling thread.
  private func execute(
    _ plan: DetectionRun.Plan, control: PipelineControl,
    progress: (@Sendable (RunProgress) -> Void)?
  ) -> Result<RunReport, StreamDetectError> {
    do {
      let run = try DetectionRun(
        plan, detector: self, control: control, logger: Logger(label: "stream-detect")
      ) { file.sha256() }
      let collector = EndCollector()
      try run.start()
      let timer = progress.map { ProgressTimer(control, report: $0) }
      let summary = run.perform(sinks: [collector])
      timer?.finish()
      if let error = summary.outputError { throw error }
      try run.finish(summary, exitCode: Int(summary.exitCode))
      return .success(RunReport(summary, sources: collector.reports))
    } catch let error as SinkError {
      return .failure(.output(OutputFailure(error)))
    } catch {
      return .failure(StreamDetectError(model: error, path: file.path))
    }
  }
}

/// Collects how sources end.
private final class EndCollector: ResultSink {
  private(set) var reports: [SourceReport] = []

  func sourceStarted(_ start: SourceStart) {}
  func frame(_ result: FrameResult) {}
  func sourceEnded(_ end: SourceEnd) { reports.append(SourceReport(end)) }
}

/// Reports progress once a second.
private final class ProgressTimer {
  private let timer: any DispatchSourceTimer
  private let queue = DispatchQueue(label: "stream-detect.library-progress", qos: .utility)
  private let control: PipelineControl
  private let report: @Sendable (RunProgress) -> Void

  init(_ control: PipelineControl, report: @escaping @Sendable (RunProgress) -> Void) {
    self.control = control
    self.report = report
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + 1, repeating: 1)
    timer.setEventHandler { report(RunProgress(control.progress())) }
    timer.resume()
  }

  deinit { timer.cancel() }

  /// Stops, and reports how the run ended.
  func finish() {
    timer.cancel()
    queue.sync { report(RunProgress(control.progress())) }
  }
}
