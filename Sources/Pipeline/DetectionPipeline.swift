internal import Foundation
public import SSDLite

/// Looks for objects in sources and hands what it finds to sinks, in order.
///
/// Each stage runs on a dispatch queue of its own, so reading and decoding, looking, and output
/// overlap:
///
///     decode → [bounded] → scale and look × threads → [order] → sinks
///
/// Files are read one after the other through one lane, on which each frame is looked at; while the
/// last frames of a file are looked at the next file is opened. Each live source has a lane and a
/// decode stage of its own, and shares the workers in turn. Workers, with their memory, last for the
/// whole run. What a sink sees doesn't hang on the number of workers.
///
/// With tiles, workers that have no frame of their own take views of a frame that others work on, so
/// that a single image or camera keeps all of them busy; while there are frames enough, each worker
/// looks at every view of its own.
///
/// At most `queueCapacity` frames of a lane wait for a worker, and at most `threads + queueCapacity`
/// are being looked at or wait, with their results, for the order or for the sinks; so memory doesn't
/// grow with the length of a video, and a slow sink holds up the reading of files.
///
/// No failure of a source touches another. A sink's failure ends the run.
public final class DetectionPipeline {
  /// Stops the run and tells how far it is, from any thread.
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

  /// Works through all sources; returns when each has its end record.
  ///
  /// Blocks the caller. The sinks are called on a serial queue, while the caller waits.
  public func run(_ sources: [MediaSource]) -> RunSummary {
    let began = ContinuousClock.now
    control.meter.begin(sources: sources.count)
    let plan = LanePlan.lanes(for: sources)
    let context = RunContext(
      plan: plan, options: options, opener: opener, control: control,
      wantsPictures: sinks.contains { $0.wantsPictures },
      wantsAudio: sinks.contains { $0.wantsAudio },
      tiles: TileChoice(
        options, analyzers, lanes: plan.count, hasLive: plan.contains { $0.isLive }))
    startDecoding(plan, context)
    let workers = startWorkers(context)

    var output = OutputStage(context: context, sinks: sinks, lanes: plan.count)
    DispatchQueue(label: "stream-detect.output").sync { output.run() }
    workers.wait()

    var summary = output.summary
    summary.elapsed = began.duration(to: .now).seconds
    summary.timings = context.totalTimings()
    summary.wasStopped = control.wasAskedToStop
    return summary
  }

  /// Starts a decode stage for each lane; the lanes are closed after the last of them.
  private func startDecoding(_ plan: [LanePlan], _ context: RunContext) {
    let stages = DispatchGroup()
    for (lane, plan) in plan.enumerated() {
      let stage = DecodeStage(plan: plan, lane: lane, context: context)
      let label = lane == 0 ? "stream-detect.decode" : "stream-detect.decode.\(lane)"
      DispatchQueue(label: label).async(group: stages) { stage.run() }
    }
    stages.notify(queue: DispatchQueue(label: "stream-detect.close.lanes")) {
      context.lanes.close()
    }
  }

  /// Starts the workers; the sinks' queue is closed after the last of them.
  private func startWorkers(_ context: RunContext) -> DispatchGroup {
    let workers = DispatchGroup()
    let analyzers = analyzers
    for worker in 0..<max(options.threads, 1) {
      let queue = DispatchQueue(label: "stream-detect.inference.\(worker)")
      queue.async(group: workers) {
        InferenceStage(context: context, analyzer: analyzers.makeAnalyzer()).run()
      }
    }
    workers.notify(queue: DispatchQueue(label: "stream-detect.close.output")) {
      context.output.close()
    }
    return workers
  }
}
