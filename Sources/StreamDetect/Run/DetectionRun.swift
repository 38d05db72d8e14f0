internal import Support
package import Annotations
package import Foundation
internal import Layers
package import Logging
internal import Media
internal import Models
package import Output
package import Pipeline
internal import SSDLite

/// One run over sources that writes results: `start`, `perform` and `finish`, in this order.
///
/// The method `analyze` of a detector does all three. The command line calls them one by one, since
/// it reports progress and handles signals between them.
package final class DetectionRun {
  /// Stops the run and reports its progress, from any thread.
  package let control: PipelineControl

  private let sources: [MediaSource]
  private let pyramid: DetectorPyramid
  private let options: PipelineOptions
  private let lines: JSONLinesSink?
  private var pictures: [PictureSink]
  /// The pictures of tracks that are written, for lines that name them.
  package let snapshots: SnapshotLog?

  /// What is run: checked options, ready to open outputs.
  package struct Plan: Sendable {
    package let sources: [MediaSource]
    package let reading: ReadingOptions
    package let outputs: RunOutputs
    /// Threads that share each frame.
    let threadsPerFrame: Int
    package var options: PipelineOptions
    /// Whether the caller writes JSON lines.
    package var hasOtherLines = false
    /// The relative path that stands for a source in folders of pictures, if not the usual one.
    package var place: (@Sendable (String) -> String)?
    /// The files that are read, which no output is written to.
    let inputs: InputFiles

    /// Checks everything that can be checked before weights are packed or a source is opened.
    ///
    /// `otherInputs` are files that are read besides the sources and the model.
    ///
    /// - Throws: `StreamDetectError.options`.
    package init(
      _ sources: [Source], model: StoredModel, labels: [String], options: ObjectOptions,
      reading: ReadingOptions, outputs: RunOutputs, otherInputs: [String] = []
    ) throws(StreamDetectError) {
      self.sources = sources.map(\.mediaSource)
      self.reading = reading
      self.outputs = outputs
      let check = OutputCheck(
        outputs, sources: self.sources, otherInputs: [model.file.path] + otherInputs)
      try check.check()
      inputs = check.inputs
      let workers = reading.workers(for: self.sources)
      threadsPerFrame = workers.threadsPerFrame
      var pipeline = try reading.pipelineOptions(
        options.detectionOptions(model: model.file.description, labels: labels),
        tiles: options.tiles.grid(), sizes: options.sizes.inputSizes(), workers: workers.frames)
      pipeline.areas = try options.frameAreas()
      var tracked = options
      // The pictures are those of tracks.
      if outputs.snapshots != nil, tracked.tracking == nil { tracked.tracking = TrackingOptions() }
      try tracked.tracking?.check(for: self.sources, hasPictures: outputs.hasPictures)
      pipeline.tracking = try tracked.objectTracking(labels: labels)
      self.options = pipeline
    }
  }

  /// Opens the outputs.
  ///
  /// `modelHash` is called only if JSON lines are written.
  ///
  /// - Throws: `SinkError` for JSON lines that cannot be written, `StreamDetectError` for the
  ///   model.
  package init(
    _ plan: Plan, detector: Detector, control: PipelineControl = PipelineControl(),
    logger: Logger, modelHash: () -> String
  ) throws {
    self.control = control
    sources = plan.sources
    options = plan.options
    pyramid = try detector.pyramid(
      plan.options.sizes, frameThreads: plan.threadsPerFrame, workers: plan.options.threads)
    let started = Date()
    let id = Self.identifier(started)
    let isNamed =
      (plan.outputs.jsonLines != nil || plan.hasOtherLines)
      && plan.options.tracking?.events != nil
    let snapshots = isNamed && plan.outputs.snapshots != nil ? SnapshotLog() : nil
    self.snapshots = snapshots
    lines = try plan.outputs.jsonLines.map { path in
      // Opened first: an output that is refused should not wait for the hash.
      let file = try OutputFile(path, mode: plan.outputs.isAppending ? .appending : .replacing)
      return JSONLinesSink(
        file, run: plan.runRecord(detector, id: id, started: started, modelHash: modelHash()),
        labels: detector.labels, writesFrames: plan.outputs.writesFrames,
        rotation: plan.outputs.rotation, snapshots: snapshots)
    }
    pictures = try PictureOutputs(
      plan.outputs, sources: plan.sources, inputs: plan.inputs, labels: detector.labels, run: id,
      snapshots: snapshots, place: plan.place
    ).makeSinks(logger: logger)
  }

  /// Writes the first JSON line.
  ///
  /// - Throws: `SinkError`.
  package func start() throws { try lines?.start() }

  /// Works through all sources; blocks the caller.
  ///
  /// `sinks` also receive the results.
  package func perform(sinks: [any ResultSink]) -> RunSummary {
    let outputs: [any ResultSink] = [lines].compactMap { $0 } + pictures
    return DetectionPipeline(
      pyramid: pyramid, options: options, sinks: outputs + sinks,
      control: control
    ).run(sources)
  }

  /// Writes the last JSON line and completes the file.
  ///
  /// - Throws: `SinkError`.
  package func finish(_ summary: RunSummary, exitCode: Int) throws {
    try lines?.finish(summary, exitCode: exitCode)
  }

  /// The sinks that write pictures, which are the caller's to call from now on.
  package func takePictures() -> [PictureSink] {
    defer { pictures = [] }
    return pictures
  }

  /// The time with a random number: ids of one second sort by time, and no two runs share one.
  package static func identifier(_ started: Date) -> String {
    let suffix = String(UInt32.random(in: 0...UInt32.max), radix: 36)
    return Timestamp.text(started).filter(\.isNumber) + "-" + suffix
  }
}

extension DetectionRun.Plan {
  /// What the first JSON line says.
  package func runRecord(
    _ detector: Detector, id: String, started: Date, modelHash: String
  ) -> RunRecord {
    RunRecord(
      tool: LibraryVersion.text, runID: id, started: started,
      model: .init(
        name: detector.model.name, sha256: modelHash, inputWidth: detector.model.inputWidth,
        inputHeight: detector.model.inputHeight, labels: detector.labels),
      backend: .init(
        simd: InstructionSet.best.rawValue, precision: detector.precision.rawValue,
        threads: reading.threads ?? availableCores()),
      options: recordedOptions)
  }

  /// The options that affect results, as the first JSON line says them.
  package var recordedOptions: RunRecord.Options {
    StreamDetect.recordedOptions(options, reading)
  }
}

extension RunSummary {
  /// The program's exit code for how the run ended, apart from failures of outputs.
  ///
  /// Of failed inputs, transient failures win over permanent ones: another run may recover the
  /// former, and reports the latter again.
  package var exitCode: Int32 {
    if transientFailures > 0 { return 4 }
    if self[.failed] + self[.truncated] + self[.gaps] > 0 { return 3 }
    // Options that select nothing of any source are a mistake in the call.
    return emptySelections > 0 && counts.processed == 0 ? 2 : 0
  }
}
