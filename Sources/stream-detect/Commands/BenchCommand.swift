internal import ArgumentParser
internal import Logging
internal import Layers
internal import Media
internal import ModelImport
internal import StreamDetect

/// `stream-detect bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Times a network layer by layer, and a run stage by stage.",
    discussion: """
      Without --model and --architecture the built-in model is timed. With a SOURCE, the stages of a \
      run over it are timed too; that needs a model.
      """)

  @Argument(help: ArgumentHelp("Video to run over.", valueName: "source"))
  var source: String?

  @Option(help: ArgumentHelp("Name or path of a model.", valueName: "name|path"))
  var model: String?

  @Option(help: "Network with random weights, instead of a model.")
  var architecture: ImportArchitecture?

  @OptionGroup(title: "Architecture without a model") var network: NetworkOptions

  @Option(help: "Precision of the arithmetic.")
  var precision: Precision = .fp32

  @Option(help: ArgumentHelp("Threads. (default: one a core)", valueName: "n"))
  var threads: Int?

  @Flag(help: "Share each run of the network among the threads, instead of a run in each.")
  var latency = false

  @Option(
    help: ArgumentHelp("Runs of the network, and frames of the source.", valueName: "n"))
  var frames = 100

  @Option(
    help: ArgumentHelp(
      "Run the network for so long instead, in each way that is timed.", valueName: "s"))
  var seconds: Double?

  @Flag(help: "Time whole runs only, neither the layers nor the machine's peak.")
  var brief = false

  @Option(
    help: ArgumentHelp(
      "A .safetensors file whose tensor 'input' is what the network runs on: "
        + "[1, 3, height, width], normalised. (default: noise)", valueName: "file"))
  var input: String?

  @Option(
    help: ArgumentHelp(
      "Write the outputs of the runs that were timed to this .safetensors file.",
      valueName: "file"))
  var outputs: String?

  @Flag(help: "Print a JSON object.")
  var json = false

  @OptionGroup(title: "Messages") var report: ReportOptions

  func validate() throws {
    if model != nil && architecture != nil {
      throw ValidationError("--model and --architecture exclude each other; give one of them.")
    }
    if source != nil && architecture != nil {
      throw ValidationError("A source needs a model; random weights find nothing sensible.")
    }
    if !(1...100_000).contains(frames) {
      throw ValidationError("--frames is \(frames); it must be between 1 and 100000.")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads); it must be between 1 and 1024.")
    }
    if let seconds, !(0.001...3600).contains(seconds) {
      throw ValidationError("--seconds is \(seconds); it must be between 0.001 and 3600.")
    }
  }

  /// Threads that share a run of the network.
  var frameThreads: Int { latency ? threadCount : 1 }
  private var threadCount: Int { threads ?? availableCores() }

  func run() throws {
    let logger = report.makeLogger()
    FFmpegLog.install(logger: logger)
    precision.noteSimulation { logger.warning("\($0)") }
    let subject = try BenchSubject(self, precision: precision, logger: logger)
    let session = subject.network.makeSession()
    if let input {
      try fill(session, from: input, subject.normalization)
    } else {
      fillWithNoise(session, subject.normalization)
    }
    let workers = latency ? 1 : threadCount
    let length = seconds.map { RunLength.seconds($0) } ?? .runs(frames)
    let timings = LayerTimings(session, length: length, measuresLayers: !brief)
    if let outputs { try writeOutputs(of: session, to: outputs) }
    let result = BenchReport(
      network: subject.name, input: subject.network.graph.input.shape,
      simd: subject.network.isa.rawValue, precision: precision.rawValue, threads: threadCount,
      frameThreads: frameThreads,
      timings: timings, peak: brief ? nil : try measuredPeak(precision),
      throughput: workers == 1
        ? timings.whole.rate
        : throughput(
          of: subject.network, subject.normalization, workers: workers, length: length),
      pipeline: try source.map { try subject.runOver($0, threads: workers, frames: frames) })
    try printText(json ? result.json() : result.text())
  }
}
