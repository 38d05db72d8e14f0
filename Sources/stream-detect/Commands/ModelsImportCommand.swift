internal import Models
internal import ArgumentParser
internal import ModelImport
internal import Output
internal import SSDLite

/// `stream-detect models import`.
struct ModelsImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Converts weights from other frameworks to a model file.",
    discussion: """
      Reads torchvision checkpoints (.pth, .safetensors), plain .safetensors, ncnn's .param with \
      its .bin, Keras's .h5, and ONNX graphs, TensorFlow Lite files and frozen TensorFlow graphs (.pb) of this \
      family of networks. Options are needed only for what a file does not say. Nothing in a file \
      is executed.

      A file that asks for too much memory or time is refused: a graph of ONNX or TensorFlow may \
      have 512 MiB and 67 million weights, the pickle of a .pth 16 MiB and two million values, a \
      .param 4 MiB. docs/onnx.md, docs/tflite.md, docs/tensorflow.md and docs/model-format.md list \
      all limits.
      """)

  @Argument(help: ArgumentHelp("File with the weights.", valueName: "weights"))
  var path: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The model file to write.", valueName: "path"))
  var output: String

  @Option(help: "Architecture of the network.")
  var architecture: ImportArchitecture?

  @OptionGroup var network: NetworkOptions

  @Option(
    help: ArgumentHelp(
      "File with the class names, one per line or as a JSON array.", valueName: "file"))
  var labels: String?

  @Option(help: "How prior boxes are generated.")
  var priors: PriorRule?

  @Option(help: "How logits become scores.")
  var scoring: Scoring?

  @Option(help: ArgumentHelp("Epsilon of batch normalisation.", valueName: "number"))
  var epsilon: Double?

  @OptionGroup(title: "Graphs of ONNX and TensorFlow") var graph: GraphImportOptions

  @Option(help: ArgumentHelp("Name of the model. (default: the file's name)", valueName: "name"))
  var name: String?

  @Option(help: ArgumentHelp("Licence of the weights.", valueName: "text"))
  var license: String?

  func validate() throws {
    if let epsilon, !(epsilon > 0 && epsilon < 1) {
      throw ValidationError("--epsilon is \(epsilon); it must be between 0 and 1.")
    }
  }

  func run() throws {
    // ncnn has its weights in a second file, X.bin beside X.param.
    let stem = path.utf8.lastIndex(of: UInt8(ascii: ".")).map { path[..<$0] } ?? path[...]
    let companions = [".bin", ".param"].map { String(stem + $0) }
    try refuseOverwriting([path, labels] + companions, with: output)
    var request = ImportRequest(path: path, output: output)
    request.architecture = architecture
    request.width = network.width
    request.classes = network.classes
    request.labels = labels
    request.padding = network.padding
    request.priors = priors
    request.scoring = scoring
    request.batchNormEpsilon = epsilon
    request.inputSize = network.size.map { ($0.height, $0.width) }
    graph.apply(to: &request)
    request.name = name
    request.license = license
    let model = try Importer.run(request)
    let imported = model.description.architecture
    try printText(
      "\(output): \(imported.summary), input \(imported.inputWidth) x \(imported.inputHeight), "
        + "\(imported.labelCount) classes, \(decimals(Double(model.byteCount) / 1e6, 1)) MB")
  }
}
