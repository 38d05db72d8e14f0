internal import ModelImport
internal import Dispatch
internal import Logging
internal import Layers
internal import Media
internal import Models
internal import Pipeline
internal import SSDLite
internal import Synchronization

/// The network that `bench` times.
struct BenchSubject {
  let name: String
  let network: Network
  /// How pixels become its input.
  let normalization: Normalization
  /// The model and its detector, where it is one.
  private let detector: (file: ModelFile, detector: Detector)?

  /// Loads the model that the options name, or makes a network with random weights.
  ///
  /// - Throws: What ends the program.
  init(_ command: BenchCommand, precision: Precision, logger: Logger) throws {
    let models = ModelResolution(logger: logger)
    if let file = try Self.modelFile(command, models) {
      name = file.description.name
      normalization = file.description.normalization
      if file.description.architecture.isDetector {
        let made = try file.makeDetector(
          precision: precision, frameThreads: command.frameThreads)
        detector = (file, made)
        network = made.network
      } else {
        detector = nil
        network = try file.makeClassifier(
          precision: precision, frameThreads: command.frameThreads)
      }
      return
    }
    let kind = command.architecture ?? .ssdliteMobileNetV2
    let architecture = command.network.architecture(kind)
    name = architecture.summary + ", random weights"
    detector = nil
    normalization = .signedUnit
    let graph = try architecture.graph()
    func weights() -> (String, [Int]) -> [Float] {
      var random = SeededGenerator(seed: 3)
      return { _, shape in randomWeights(shape, using: &random) }
    }
    let numerics = try calibrated(precision, graph, normalization, weights: weights())
    network = try Network(
      graph: graph, numerics: numerics, pixels: normalization, frameThreads: command.frameThreads,
      weights: weights())
  }

  private static func modelFile(
    _ command: BenchCommand, _ models: ModelResolution
  ) throws -> ModelFile? {
    if command.architecture != nil { return nil }
    try command.network.refuse(beside: command.model ?? ModelFile.builtInName)
    if let name = command.model { return try models.directory.open(name) }
    return try models.detector(named: nil)
  }

  /// Runs the pipeline over `source` without any output.
  ///
  /// - Throws: `ProgramError` where there is no detector, or the source is of no use.
  func runOver(_ source: String, threads: Int, frames: Int) throws -> PipelineReport {
    guard let (file, detector) = detector else {
      throw ProgramError(
        .usage, source, "a source can be timed with a detector only",
        remedy: "Name one with --model")
    }
    var options = PipelineOptions(
      detection: DetectionOptions(
        scoreThreshold: file.description.scoreThreshold,
        iouThreshold: file.description.iouThreshold))
    options.threads = threads
    options.selection.limit = frames
    let pipeline = DetectionPipeline(detector: detector, options: options, sinks: [])
    let summary = pipeline.run([MediaSource(source)])
    guard summary.counts.processed > 0 else {
      throw ProgramError(
        .badInput, redacted(source), "no frame of it could be used",
        remedy: "'stream-detect probe' says more about it")
    }
    return PipelineReport(source: redacted(source), summary: summary)
  }
}

/// How a network computes in a precision, with ranges for an image of noise where it needs some.
func calibrated(
  _ precision: Precision, _ graph: Graph, _ normalization: Normalization,
  weights: (String, [Int]) throws -> [Float]
) throws -> Numerics {
  switch precision {
  case .fp32: return .float32
  case .bf16: return .bfloat16
  case .int8:
    var observer = try RangeObserver(graph: graph, weights: weights)
    fillWithNoise(observer.session, normalization)
    observer.run()
    return .integer(observer.quantization)
  }
}

/// Images a second that `workers` sessions get through together.
func throughput(
  of network: Network, _ normalization: Normalization, workers: Int, length: RunLength
) -> Double {
  let images = Atomic(0)
  let seconds = timed {
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      let session = network.makeSession()
      fillWithNoise(session, normalization)
      var count = 0
      length.forEachRun {
        session.run()
        count += 1
      }
      images.add(count, ordering: .relaxed)
    }
  }
  return Double(images.load(ordering: .relaxed)) / seconds
}
