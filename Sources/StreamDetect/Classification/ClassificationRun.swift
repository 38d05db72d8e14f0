internal import Annotations
internal import Foundation
internal import Layers
package import Models
internal import Output
package import Pipeline
internal import SSDLite
internal import Support

/// One run of a classifier over sources: `start`, `perform` and `finish`, in this order.
///
/// The results of frames go to sinks; of each frame, the most probable classes are detections that
/// cover all of it.
package final class ClassificationRun {
  /// Stops the run and reports its progress, from any thread.
  package let control = PipelineControl()

  private let sources: [MediaSource]
  private let analyzers: ClassifierAnalyzerFactory
  private let options: PipelineOptions
  private let lines: JSONLinesSink?

  /// What is run: checked options, ready to open outputs.
  package struct Plan: Sendable {
    package let sources: [MediaSource]
    package let reading: ReadingOptions
    let file: ModelFile
    let labels: [String]
    let precision: ComputePrecision
    let top: Int
    let jsonLines: String?
    let options: PipelineOptions

    /// Checks everything that can be checked before weights are packed or a source is opened.
    ///
    /// `otherInputs` are files that are read besides the sources and the model.
    ///
    /// - Throws: `StreamDetectError.options`.
    package init(
      _ sources: [Source], model file: ModelFile, labels: [String],
      precision: ComputePrecision, top: Int, reading: ReadingOptions, jsonLines: String?,
      otherInputs: [String] = []
    ) throws(StreamDetectError) {
      self.sources = sources.map(\.mediaSource)
      self.reading = reading
      self.file = file
      self.labels = labels
      self.precision = precision
      self.top = top
      self.jsonLines = jsonLines
      var outputs = RunOutputs()
      outputs.jsonLines = jsonLines
      try OutputCheck(outputs, sources: self.sources, otherInputs: [file.path] + otherInputs)
        .check()
      options = try reading.pipelineOptions(
        DetectionOptions(scoreThreshold: 0, iouThreshold: 1, maximumDetections: top),
        tiles: .none, sizes: .own, workers: reading.workers(for: self.sources).frames)
    }
  }

  /// Packs the weights and opens the outputs.
  ///
  /// - Throws: `SinkError` for JSON lines that cannot be written, `StreamDetectError` for the
  ///   model.
  package init(_ plan: Plan) throws {
    sources = plan.sources
    options = plan.options
    let threads = plan.reading.workers(for: plan.sources).threadsPerFrame
    let network = try modelErrors(of: plan.file.path) {
      let network = try plan.file.makeClassifier(
        precision: plan.precision.precision, frameThreads: threads)
      try network.reserve(sessions: plan.options.threads)
      return network
    }
    analyzers = ClassifierAnalyzerFactory(plan.file, network: network, top: plan.top)
    lines = try plan.jsonLines.map { path in
      JSONLinesSink(
        try OutputFile(path), run: Self.description(plan), labels: plan.labels,
        content: .classes)
    }
  }

  /// Writes the first JSON line.
  ///
  /// - Throws: `SinkError`.
  package func start() throws { try lines?.start() }

  /// Works through all sources; blocks the caller.
  ///
  /// `sinks` also receive the results.
  package func perform(sinks: [any ResultSink]) -> RunSummary {
    DetectionPipeline(
      analyzers: analyzers, options: options, sinks: [lines].compactMap { $0 } + sinks,
      control: control
    ).run(sources)
  }

  /// Writes the last JSON line and completes the file.
  ///
  /// - Throws: `SinkError`.
  package func finish(_ summary: RunSummary, exitCode: Int) throws {
    try lines?.finish(summary, exitCode: exitCode)
  }

  private static func description(_ plan: Plan) -> RunRecord {
    let started = Date()
    var options = RunRecord.Options(top: plan.top)
    options.state(plan.reading)
    let architecture = plan.file.description.architecture
    return RunRecord(
      tool: LibraryVersion.text, runID: DetectionRun.identifier(started), started: started,
      model: .init(
        classifier: plan.file.description.name, sha256: plan.file.sha256(),
        inputWidth: architecture.inputWidth, inputHeight: architecture.inputHeight,
        classes: plan.labels),
      backend: .init(
        simd: InstructionSet.best.rawValue, precision: plan.precision.rawValue,
        threads: plan.reading.threads ?? availableCores()),
      options: options)
  }
}
