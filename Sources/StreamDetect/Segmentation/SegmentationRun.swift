internal import Annotations
internal import Foundation
internal import Layers
package import Logging
package import Models
internal import Output
package import Pipeline
package import SSDLite
internal import Support

/// One run of a segmenter over sources: `start`, `perform` and `finish`, in this order.
package final class SegmentationRun {
  /// Stops the run and reports its progress, from any thread.
  package let control = PipelineControl()

  private let sources: [MediaSource]
  private let analyzers: SegmenterAnalyzerFactory
  private let options: PipelineOptions
  private let lines: JSONLinesSink?
  private let sinks: [any ResultSink]

  /// What is run: checked options, ready to open outputs.
  package struct Plan: Sendable {
    package let sources: [MediaSource]
    package let reading: ReadingOptions
    let file: ModelFile
    let labels: [String]
    let precision: ComputePrecision
    let size: InputSize?
    let outputs: RunOutputs
    let options: PipelineOptions
    /// The files that are read, which no output is written to.
    let inputs: InputFiles

    /// Checks everything that can be checked before weights are packed or a source is opened.
    ///
    /// `otherInputs` are files that are read besides the sources and the model.
    ///
    /// - Throws: `StreamDetectError.options`.
    package init(
      _ sources: [Source], model file: ModelFile, labels: [String], precision: ComputePrecision,
      size: InputSize?, reading: ReadingOptions, outputs: RunOutputs, otherInputs: [String] = []
    ) throws(StreamDetectError) {
      self.sources = sources.map(\.mediaSource)
      self.reading = reading
      self.file = file
      self.labels = labels
      self.precision = precision
      self.size = size
      self.outputs = outputs
      let check = OutputCheck(
        outputs, sources: self.sources, otherInputs: [file.path] + otherInputs)
      try check.check()
      inputs = check.inputs
      options = try reading.pipelineOptions(
        DetectionOptions(scoreThreshold: 0, iouThreshold: 1, maximumDetections: 256),
        tiles: .none, sizes: .own, workers: reading.workers(for: self.sources).frames)
    }
  }

  /// Packs the weights and opens the outputs.
  ///
  /// - Throws: `SinkError` for outputs that cannot be opened, `StreamDetectError` for the model.
  package init(_ plan: Plan, logger: Logger) throws {
    sources = plan.sources
    options = plan.options
    let threads = plan.reading.workers(for: plan.sources).threadsPerFrame
    let network = try modelErrors(of: plan.file.path) {
      let network = try plan.file.makeSegmenter(
        precision: plan.precision.precision, frameThreads: threads, size: plan.size)
      try network.reserve(sessions: plan.options.threads)
      return network
    }
    let started = Date()
    let id = DetectionRun.identifier(started)
    lines = try plan.outputs.jsonLines.map { path in
      let file = try OutputFile(path, mode: plan.outputs.isAppending ? .appending : .replacing)
      return JSONLinesSink(
        file, run: Self.description(plan, network, id, started), labels: plan.labels,
        content: .segments, rotation: plan.outputs.rotation)
    }
    let pictures = try PictureOutputs(
      plan.outputs, sources: plan.sources, inputs: plan.inputs, labels: plan.labels, run: id
    ).makeSinks(logger: logger)
    let maps = plan.outputs.maps.map { folder in
      MapSink(OutputTree(root: folder, content: .maps, inputs: plan.inputs), run: id)
    }
    sinks = pictures + [maps].compactMap { $0 }
    analyzers = SegmenterAnalyzerFactory(
      plan.file, network: network, keepsMaps: !sinks.isEmpty)
  }

  /// Writes the first JSON line.
  ///
  /// - Throws: `SinkError`.
  package func start() throws { try lines?.start() }

  /// Works through all sources; blocks the caller.
  ///
  /// `others` also receive the results.
  package func perform(sinks others: [any ResultSink]) -> RunSummary {
    let outputs: [any ResultSink] = [lines].compactMap { $0 }
    return DetectionPipeline(
      analyzers: analyzers, options: options, sinks: outputs + sinks + others, control: control
    ).run(sources)
  }

  /// Writes the last JSON line and completes the file.
  ///
  /// - Throws: `SinkError`.
  package func finish(_ summary: RunSummary, exitCode: Int) throws {
    try lines?.finish(summary, exitCode: exitCode)
  }

  private static func description(
    _ plan: Plan, _ network: Network, _ id: String, _ started: Date
  ) -> RunRecord {
    var options = RunRecord.Options()
    options.state(plan.reading)
    let input = network.graph.input.shape
    return RunRecord(
      tool: LibraryVersion.text, runID: id, started: started,
      model: .init(
        segmenter: plan.file.description.name, sha256: plan.file.sha256(),
        inputWidth: input.width, inputHeight: input.height, classes: plan.labels),
      backend: .init(
        simd: InstructionSet.best.rawValue, precision: plan.precision.rawValue,
        threads: plan.reading.threads ?? availableCores()),
      options: options)
  }
}
