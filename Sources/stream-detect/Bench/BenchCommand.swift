internal import ArgumentParser
internal import Logging
internal import Layers
internal import Media
internal import ModelImport
internal import Models
internal import StreamDetect
internal import Support

/// `stream-detect bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Times a network layer by layer, and a run stage by stage.",
    discussion: """
      Times the built-in model unless there is --model or --architecture. With a SOURCE, it also \
      times the stages of a run over it, which needs a detector.
      """)

  @Argument(help: ArgumentHelp("Video to process.", valueName: "source"))
  var source: String?

  @Option(help: ArgumentHelp("Name or path of a model.", valueName: "name|path"))
  var model: String?

  @Option(help: "Network with random weights instead of a model.")
  var architecture: ImportArchitecture?

  @OptionGroup(title: "Architecture without a model") var network: NetworkOptions

  @Option(help: "Precision of the arithmetic.")
  var precision: Precision = .fp32

  @Option(
    help: ArgumentHelp(
      "Number of threads. (default: one per core that may be used)", valueName: "n"))
  var threads: Int?

  @Flag(help: "Let all threads share each run of the network instead of having runs of their own.")
  var latency = false

  @Option(
    help: ArgumentHelp(
      "Number of runs of the network, and of frames of the source.", valueName: "n"))
  var frames = 100

  @Option(
    help: ArgumentHelp(
      "Run the network for this long instead, in each way that is timed.", valueName: "s"))
  var seconds: Double?

  @Flag(help: "Time only whole runs, not the layers or the machine's peak.")
  var brief = false

  @Option(
    help: ArgumentHelp(
      "A .safetensors file whose tensor 'input' is the network's input: [1, 3, height, width], "
        + "normalised. (default: noise)", valueName: "file"))
  var input: String?

  @Option(
    help: ArgumentHelp(
      "Write the network's outputs to this .safetensors file.",
      valueName: "file"))
  var outputs: String?

  @Flag(help: "Print a JSON object.")
  var json = false

  @OptionGroup(title: "Messages") var report: ReportOptions

  func validate() throws {
    if model != nil && architecture != nil {
      throw ValidationError("--model and --architecture cannot be combined; give one of them.")
    }
    if source != nil && architecture != nil {
      throw ValidationError("A source needs a model; random weights detect nothing sensible.")
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

  func run() throws {
    let logger = report.makeLogger()
    FFmpegLog.install(logger: logger)
    precision.noteSimulation { logger.warning("\($0)") }
    try refuseOverwriting([model, input, source], with: outputs)
    let subject = try subject(logger)
    do {
      let result = try subject.measure()
      try printText(json ? result.json() : result.text())
    } catch let error as BenchmarkError {
      throw ProgramError(error)
    }
  }

  private var options: BenchmarkOptions {
    var options = BenchmarkOptions()
    options.precision = precision
    options.threads = threads ?? availableCores()
    options.sharesRuns = latency
    options.length = seconds.map { .seconds($0) } ?? .runs(frames)
    options.measuresLayers = !brief
    options.input = input
    options.outputs = outputs
    options.source = source.map { ($0, frames) }
    return options
  }

  /// The model that the options name, or a network with random weights.
  private func subject(_ logger: Logger) throws -> BenchmarkSubject {
    if let architecture {
      let network = network.architecture(architecture)
      return try BenchmarkSubject(
        network, name: network.summary + ", random weights", options: options)
    }
    try network.refuse(beside: model ?? ModelFile.builtInName)
    let models = ModelResolution(logger: logger)
    return try BenchmarkSubject(
      model.map { try models.directory.open($0) } ?? models.detector(named: nil),
      options: options)
  }
}

extension ProgramError {
  fileprivate init(_ error: BenchmarkError) {
    switch error {
    case .needsDetector(let source):
      self.init(
        .usage, source, "only a detector can be timed on a source",
        remedy: "Name one with --model")
    case .noFrames(let source):
      self.init(
        .badInput, source, "none of its frames could be processed",
        remedy: "'stream-detect probe' shows what is in it")
    case .noInput(let path, let shape):
      self.init(
        .usage, path, "it has no tensor 'input' with the shape \(shape)",
        remedy: "Write one in the order batch, channels, rows, columns, normalised")
    case .unreadableInput(let error):
      self.init(.usage, error.path, error.message, remedy: error.remedy)
    case .unwritableOutputs(let error):
      self.init(.output, error.path, error.message, remedy: error.remedy)
    }
  }
}
