internal import Foundation
internal import Media
public import SSDLite

/// Detects objects in sources and hands the results to sinks, in order.
///
/// Each stage runs on a thread of its own, so that reading and decoding, analysis, and each
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

  /// Makes a pipeline for one run, with a network at one size.
  public convenience init(
    detector: Detector, options: PipelineOptions, sinks: [any ResultSink],
    control: PipelineControl = PipelineControl()
  ) {
    self.init(
      pyramid: DetectorPyramid(detector), options: options, sinks: sinks, control: control)
  }

  /// Makes a pipeline for one run.
  public convenience init(
    pyramid: DetectorPyramid, options: PipelineOptions, sinks: [any ResultSink],
    control: PipelineControl = PipelineControl()
  ) {
    self.init(
      opener: MediaOpener(options: options),
      analyzers: DetectorAnalyzerFactory(
        pyramid: pyramid, options: options.detection, wantsLuma: options.tracking != nil),
      options: options, sinks: sinks, control: control)
  }

  /// Makes a pipeline for one run with analyzers of any kind.
  package convenience init(
    analyzers: any FrameAnalyzerFactory, options: PipelineOptions, sinks: [any ResultSink],
    control: PipelineControl = PipelineControl()
  ) {
    self.init(
      opener: MediaOpener(options: options), analyzers: analyzers, options: options, sinks: sinks,
      control: control)
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
    precondition(
      options.tracking?.isOffline != true || !runners.contains { $0.wantsPictures },
      "pictures would wait for offline tracking")
    let context = RunContext(
      plan: plan, options: options, opener: opener, control: control,
      wantsPictures: runners.contains { $0.wantsPictures },
      wantsAudio: runners.contains { $0.wantsAudio },
      choice: ViewChoice(
        options, analyzers, lanes: plan.count { !$0.isReserve },
        hasLive: plan.contains { $0.isLive }))
    let threads = StageThreads()
    addDecoding(plan, context, to: threads)
    let workers = StageGroup { context.ordered.close() }
    // Workers end after the lanes are closed, so no decode stage has a record to send by then.
    for worker in 0..<max(options.threads, 1) {
      threads.add("inference.\(worker)", to: workers) { [analyzers] in
        InferenceStage(context: context, analyzers: analyzers.makeAnalyzers()).run()
      }
    }
    workers.seal()
    // They end after their queues are closed, which the ordered stage does.
    let outputs = StageGroup()
    for (index, runner) in runners.enumerated() {
      threads.add("sink.\(index)", to: outputs) { runner.run() }
    }
    outputs.seal()
    var ordered = OrderedStage(context: context, sinks: runners, lanes: plan.count)
    if threads.release() {
      ordered.run()
    } else {
      outputs.wait()
      ordered.fail(sources, .lackOfThreads)
    }
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

  /// Adds a decode stage for each lane; the lanes are closed after the last of them.
  private func addDecoding(_ plan: [LanePlan], _ context: RunContext, to threads: StageThreads) {
    let stages = StageGroup { context.lanes.close() }
    for (lane, part) in plan.enumerated() where !part.isReserve {
      let stage = DecodeStage(
        plan: part, lane: lane, context: context, backlog: part.backlog(in: plan)
      ) { stages.start("decode.live", $0) }
      threads.add("decode.\(lane)", to: stages) { stage.run() }
    }
    stages.seal()
  }
}

extension EndReason {
  /// Why no stage of a run could begin.
  static let lackOfThreads = EndReason(
    code: MediaError.Code.outOfResources.rawValue,
    message: "The system has no more threads or memory for the stages of this run.",
    remedy: "Read fewer sources at the same time, end other programs, or raise the limits of "
      + "processes (ulimit -u) and memory (ulimit -v).",
    isTransient: true)
}
