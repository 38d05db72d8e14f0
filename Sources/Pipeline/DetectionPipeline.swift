internal import Foundation
public import SSDLite

/// Detects objects in sources and hands the results to sinks, in order.
///
/// Each stage runs on a dispatch queue of its own, so that reading and decoding, analysis, and each
/// output overlap:
///
///     decode ─┬─ frames → [bounded] → scale, detect × threads ─┬→ [order] ─┬→ [bounded] → sink
///             └─ starts, gaps, ends ───────────────────────────┘           └→ [bounded] → sink
///
/// All files share one lane and are read one after the other; the next file is opened while the
/// last frames of the current one are still being processed. Each live source has a lane and a
/// decode stage of its own, and the workers serve the lanes in turn. Workers, with their memory,
/// last for the whole run. Sinks see the same results whatever the number of workers.
///
/// With tiles, workers that have no frame of their own take tiles of a frame that others work on,
/// so that a single image or camera keeps all of them busy. While there are frames enough, each
/// worker analyses every tile of its own frame.
///
/// At most `queueCapacity` frames of a lane wait for a worker, at most `threads + queueCapacity`
/// are being analysed or wait, with their results, for the order, and at most `queueCapacity`
/// results wait for each sink. Bytes of pictures are counted, too: at most `queueBytes` wait in
/// each queue, and twice as many are at work for a lane; a single picture always passes. So memory
/// grows neither with the length of a video nor much with the size of its frames, and a slow sink
/// that every frame has to wait for holds up the reading of files.
///
/// A failure of one source doesn't affect another. What the failure of a sink means depends on its
/// policy.
public final class DetectionPipeline {
  /// Stops the run and reports its progress, from any thread.
  public let control: PipelineControl

  private let options: PipelineOptions
  private let opener: any FrameSourceOpener
  private let analyzers: any FrameAnalyzerFactory
  private let sinks: [any ResultSink]

  /// Makes a pipeline for one run.
  public convenience init(
    detector: Detector, options: PipelineOptions, sinks: [any ResultSink],
    control: PipelineControl = PipelineControl()
  ) {
    self.init(
      opener: MediaOpener(options: options),
      analyzers: DetectorAnalyzerFactory(detector: detector, options: options.detection),
      options: options, sinks: sinks, control: control)
  }

  package init(
    opener: any FrameSourceOpener, analyzers: any FrameAnalyzerFactory, options: PipelineOptions,
    sinks: [any ResultSink], control: PipelineControl = PipelineControl()
  ) {
    self.opener = opener
    self.analyzers = analyzers
    self.options = options
    self.sinks = sinks
    self.control = control
  }

  /// Processes all sources; returns when each has its end record and the sinks have taken it.
  ///
  /// Blocks the caller. Each sink is called on a thread of its own, only while the caller waits.
  public func run(_ sources: [MediaSource]) -> RunSummary {
    let began = ContinuousClock.now
    control.meter.begin(sources: sources.count)
    let plan = LanePlan.lanes(for: sources)
    let control = control
    let runners = sinks.map {
      SinkRunner(
        $0, capacity: max(options.queueCapacity, 1), byteLimit: options.queueBytes
      ) { control.cancel() }
    }
    let context = RunContext(
      plan: plan, options: options, opener: opener, control: control,
      wantsPictures: runners.contains { $0.wantsPictures },
      wantsAudio: runners.contains { $0.wantsAudio },
      tiles: TileChoice(
        options, analyzers, lanes: plan.count { !$0.isReserve },
        hasLive: plan.contains { $0.isLive }))
    startDecoding(plan, context)
    let workers = startWorkers(context)
    let outputs = start(runners)

    var ordered = OrderedStage(context: context, sinks: runners, lanes: plan.count)
    DispatchQueue(label: "stream-detect.order").sync { ordered.run() }
    workers.wait()
    outputs.wait()

    var summary = ordered.summary
    summary.elapsed = began.duration(to: .now).seconds
    summary.timings = context.totalTimings()
    for runner in runners { summary.timings.output.add(runner.timing) }
    summary.outputs = runners.map(\.report)
    let fatal = runners.compactMap(\.fatalError)
    summary.outputError = fatal.first { $0.kind != .brokenPipe } ?? fatal.first
    summary.wasStopped = control.wasAskedToStop
    return summary
  }

  /// Starts a decode stage for each lane; the lanes are closed after the last of them.
  private func startDecoding(_ plan: [LanePlan], _ context: RunContext) {
    let stages = DispatchGroup()
    for (lane, part) in plan.enumerated() where !part.isReserve {
      let label = lane == 0 ? "stream-detect.decode" : "stream-detect.decode.\(lane)"
      let stage = DecodeStage(
        plan: part, lane: lane, context: context, backlog: part.backlog(in: plan)
      ) { StageThread.run(label + ".live", in: stages, $0) }
      if part.isLive {
        StageThread.run(label, in: stages) { stage.run() }
      } else {
        DispatchQueue(label: label).async(group: stages) { stage.run() }
      }
    }
    stages.notify(queue: DispatchQueue(label: "stream-detect.close.lanes")) {
      context.lanes.close()
    }
  }

  /// Starts the workers; the ordered stage's queue is closed after the last of them.
  ///
  /// Workers end after the lanes are closed, so no decode stage has a record to send by then.
  private func startWorkers(_ context: RunContext) -> DispatchGroup {
    let workers = DispatchGroup()
    let analyzers = analyzers
    for worker in 0..<max(options.threads, 1) {
      let queue = DispatchQueue(label: "stream-detect.inference.\(worker)")
      queue.async(group: workers) {
        InferenceStage(context: context, analyzer: analyzers.makeAnalyzer()).run()
      }
    }
    workers.notify(queue: DispatchQueue(label: "stream-detect.close.order")) {
      context.ordered.close()
    }
    return workers
  }

  /// Starts a thread for each sink, which ends after the sink's queue is closed.
  private func start(_ runners: [SinkRunner]) -> DispatchGroup {
    let outputs = DispatchGroup()
    for (index, runner) in runners.enumerated() {
      DispatchQueue(label: "stream-detect.sink.\(index)").async(group: outputs) { runner.run() }
    }
    return outputs
  }
}
