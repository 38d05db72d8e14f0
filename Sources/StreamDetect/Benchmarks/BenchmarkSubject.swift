internal import Dispatch
package import Layers
internal import Media
package import Models
internal import Pipeline
internal import SSDLite
internal import Synchronization

/// A network to time.
package struct BenchmarkSubject: Sendable {
  /// The network's name, for reports.
  package let name: String
  /// The network.
  package let network: Network
  /// How pixels become its input.
  package let normalization: Normalization
  private let options: BenchmarkOptions
  /// The detector and its thresholds, if the network is one from a model file.
  private let detector: (detector: SSDLite.Detector, options: DetectionOptions)?

  /// Builds the network of a model file.
  ///
  /// - Throws: `ModelFileError` if the model was never calibrated for the precision.
  package init(_ file: ModelFile, options: BenchmarkOptions) throws {
    let description = file.description
    name = description.name
    normalization = description.normalization
    self.options = options
    if description.architecture.isDetector {
      let made = try file.makeDetector(
        precision: options.precision, frameThreads: options.frameThreads)
      network = made.network
      detector = (
        made,
        DetectionOptions(
          scoreThreshold: description.scoreThreshold, iouThreshold: description.iouThreshold)
      )
    } else if description.architecture.isSegmenter {
      network = try file.makeSegmenter(
        precision: options.precision, frameThreads: options.frameThreads)
      detector = nil
    } else {
      network = try file.makeClassifier(
        precision: options.precision, frameThreads: options.frameThreads)
      detector = nil
    }
  }

  /// Builds a network with random weights.
  ///
  /// - Throws: `SpecificationError` if a value of the architecture is out of range.
  package init(_ architecture: ModelArchitecture, name: String, options: BenchmarkOptions) throws {
    self.name = name
    self.options = options
    detector = nil
    normalization = .signedUnit
    network = try .withRandomWeights(
      try architecture.graph(), options.precision, normalization, seed: 3,
      frameThreads: options.frameThreads)
  }

  /// Runs the benchmark.
  ///
  /// - Throws: `BenchmarkError`, and whatever building a network throws.
  package func measure() throws -> BenchmarkReport {
    try network.reserve(sessions: options.workers)
    let session = network.makeSession()
    if let input = options.input {
      try session.readInput(from: input, normalization)
    } else {
      session.fillWithNoise(normalization)
    }
    let timings = LayerTimings(
      session, length: options.length, measuresLayers: options.measuresLayers)
    if let outputs = options.outputs { try session.writeOutputs(to: outputs) }
    return BenchmarkReport(
      network: name, input: network.graph.input.shape, isa: network.isa,
      precision: options.precision, threads: options.threads, frameThreads: options.frameThreads,
      timings: timings,
      peak: options.measuresLayers ? try measuredPeak(in: options.precision) : nil,
      throughput: options.workers == 1 ? timings.whole.rate : throughput(),
      pipeline: try options.source.map { try timePipeline($0.location, frames: $0.frames) })
  }

  /// Images per second that all workers process together.
  private func throughput() -> Double {
    let images = Atomic(0)
    let seconds = timed {
      DispatchQueue.concurrentPerform(iterations: options.workers) { _ in
        let session = network.makeSession()
        session.fillWithNoise(normalization)
        var count = 0
        options.length.forEachRun {
          session.run()
          count += 1
        }
        images.add(count, ordering: .relaxed)
      }
    }
    return Double(images.load(ordering: .relaxed)) / seconds
  }

  /// Runs the pipeline over a source, without any output.
  private func timePipeline(_ source: String, frames: Int) throws -> PipelineTimings {
    guard let (detector, detection) = detector else {
      throw BenchmarkError.needsDetector(source: source)
    }
    var options = PipelineOptions(detection: detection)
    options.threads = self.options.workers
    options.selection.limit = frames
    let summary = DetectionPipeline(detector: detector, options: options, sinks: [])
      .run([MediaSource(source)])
    guard summary.counts.processed > 0 else {
      throw BenchmarkError.noFrames(source: redacted(source))
    }
    return PipelineTimings(source: redacted(source), summary: summary)
  }
}
