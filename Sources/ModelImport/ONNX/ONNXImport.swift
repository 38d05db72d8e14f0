internal import Models
internal import Backbone
internal import Layers
internal import SSDLite

/// Imports an ONNX file of one of the supported networks.
///
/// The file is parsed with our own reader: only a few messages matter, far fewer than a
/// protocol-buffer library supports, and all lengths of an untrusted file are checked in one place.
struct ONNXImport {
  private let request: ImportRequest
  private let path: String
  private let model: ONNXModel

  /// Reads the file.
  init(_ file: MappedFile, _ request: ImportRequest) throws(ModelFileError) {
    self.request = request
    path = file.path
    guard file.byteCount <= ImportLimits.file else {
      throw ModelFileError(
        .tooLarge, path: path,
        message: "The file is larger than \(ImportLimits.file >> 20) MiB.",
        remedy: "Use a smaller network; MobileNets have a few MB.")
    }
    do {
      model = try ONNXModel(file.copy(0..<file.byteCount))
    } catch {
      throw Self.fault(path, error)
    }
  }

  /// The network in the form of a model file.
  func run() throws(ModelFileError) -> ImportedGraph {
    guard (7...25).contains(model.opset) else {
      throw ModelFileError(
        .unsupportedFormat, path: path,
        message: "The file uses opset \(model.opset); 7 to 25 are supported.",
        remedy: "Export the network with opset 17.")
    }
    guard model.outputs.count <= ImportLimits.outputs else {
      throw ModelFileError(
        .tooLarge, path: path,
        message: "The graph has \(model.outputs.count) outputs; at most \(ImportLimits.outputs) "
          + "are read.", remedy: "Export the network with the outputs that are needed.")
    }
    var budget = ImportBudget()
    let constants = try initializers(&budget)
    let live = liveNodes(rewritten(constants))
    let input = try imageInput(constants)
    let outputs = Set(model.outputs.map(\.name))
    var uses: [String: Int] = [:]
    for node in live { for name in node.inputs { uses[name, default: 0] += 1 } }
    for name in outputs { uses[name, default: 0] += 1 }
    var converter = ONNXConverter(
      path: path, opset: model.opset, uses: uses, inputHeight: input.height,
      inputWidth: input.width)
    converter.budget = budget
    converter.constants = constants
    converter.define(input)
    for node in live { try converter.convert(node) }
    return try ImportedGraph(
      converter, outputs: model.outputs.map(\.name), input: input, producer: model.producer)
  }

  // MARK: Constants

  private func initializers(
    _ budget: inout ImportBudget
  ) throws(ModelFileError) -> [String: ConstantTensor] {
    let read = Set(model.nodes.flatMap(\.inputs) + model.outputs.map(\.name))
    var constants: [String: ConstantTensor] = [:]
    for tensor in model.initializers where read.contains(tensor.name) {
      guard constants[tensor.name] == nil else {
        throw Self.damaged(path, "Two tensors are called \(tensor.name.prefix(200)).")
      }
      guard budget.take(tensor.count ?? 0, for: .stored) else {
        throw ModelFileError(
          .tooLarge, path: path,
          message: "Its tensors have more than \(ImportLimits.stored) numbers.",
          remedy: "Use a smaller network; MobileNets have a few million.")
      }
      do {
        constants[tensor.name] = try tensor.numbers()
      } catch {
        throw Self.fault(path, error)
      }
    }
    return constants
  }

  private func rewritten(_ constants: [String: ConstantTensor]) -> [ONNXNode] {
    var scalars = constants.compactMapValues(\.scalar)
    for node in model.nodes where node.type == "Constant" {
      guard let output = node.outputs.first else { continue }
      switch node.attributes.first?.value {
      case .tensor(let tensor) where tensor.count == 1:
        scalars[output] = (try? tensor.numbers())?.scalar
      case .float(let value): scalars[output] = Double(value)
      default: continue
      }
    }
    let known = scalars
    return ActivationPatterns(model.nodes) { known[$0] }.rewritten()
  }

  /// The operators that an output depends on, in order.
  private func liveNodes(_ nodes: [ONNXNode]) -> [ONNXNode] {
    var producers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where producers[output] == nil { producers[output] = index }
    }
    var live = [Bool](repeating: false, count: nodes.count)
    var waiting = model.outputs.compactMap { producers[$0.name] }
    while let index = waiting.popLast() {
      guard !live[index] else { continue }
      live[index] = true
      waiting += nodes[index].inputs.compactMap { producers[$0] }
    }
    // Operators with the same result are all kept, so that the error is found.
    return nodes.indices.filter { index in
      live[index]
        || nodes[index].outputs.contains { producers[$0] != index && live[producers[$0] ?? 0] }
    }.map { nodes[$0] }
  }

  // MARK: Input

  private func imageInput(
    _ constants: [String: ConstantTensor]
  ) throws(ModelFileError) -> ImageInput {
    let weights = Set(model.initializers.map(\.name))
    let inputs = model.inputs.filter { !weights.contains($0.name) }
    guard inputs.count == 1, let input = inputs.first else {
      let names = inputs.prefix(10).map { String($0.name.prefix(100)) }.joined(separator: ", ")
      throw invalid(
        "The graph has \(inputs.count) inputs (\(names)); there must be one, an image.",
        "Export the network with an image as its only input.")
    }
    guard input.shape.count == 4, (input.shape[0] ?? 1) == 1, [1, 2, 10].contains(input.type) else {
      throw invalid(
        "The input \(input.name.prefix(100)) is \(Self.text(input.shape)); it must be one image of "
          + "three channels.", "Export the network for one image at a time.")
    }
    let isPlanar = input.shape[1] == 3 || input.shape[3] != 3
    guard (isPlanar ? input.shape[1] : input.shape[3]) ?? 3 == 3 else {
      throw invalid(
        "The input \(input.name.prefix(100)) is \(Self.text(input.shape)); an image must have "
          + "three channels.", "Export the network for colour images.")
    }
    let height = try side(input.shape[isPlanar ? 2 : 1], request.inputSize?.height)
    let width = try side(input.shape[isPlanar ? 3 : 2], request.inputSize?.width)
    return ImageInput(
      name: input.name, height: height, width: width, isPlanar: isPlanar,
      isBytes: input.type == 2)
  }

  private func side(_ fixed: Int?, _ asked: Int?) throws(ModelFileError) -> Int {
    if let fixed, let asked, fixed != asked {
      throw invalid(
        "The graph is for an input side of \(fixed) pixels, not \(asked).", "Leave out --size.")
    }
    guard let side = fixed ?? asked else {
      throw invalid("The graph does not state the size of its input.", "Give it with --size.")
    }
    guard (1...4096).contains(side) else {
      throw invalid(
        "A side of the input has \(side) pixels; it must have 1 to 4096.", "Use another --size.")
    }
    return side
  }

  private static func text(_ shape: [Int?]) -> String {
    "[" + shape.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]"
  }

  private func invalid(_ message: String, _ remedy: String) -> ModelFileError {
    ModelFileError(.invalidOption, path: path, message: message, remedy: remedy)
  }

  private static func fault(_ path: String, _ error: WireFault) -> ModelFileError {
    guard error.isTooLarge else { return damaged(path, error.message) }
    return ModelFileError(
      .tooLarge, path: path, message: error.message,
      remedy: "Use a smaller network; MobileNets have a few MB.")
  }

  private static func damaged(_ path: String, _ message: String) -> ModelFileError {
    ModelFileError(
      .damaged, path: path, message: "This is not a complete ONNX file. \(message)",
      remedy: "Download it or export it again.")
  }
}

/// The image that a graph reads.
struct ImageInput {
  var name: String
  var height: Int
  var width: Int
  /// Whether channels come first; if not, the channels of each pixel are side by side.
  var isPlanar: Bool
  /// Whether the graph reads 8-bit pixels and normalises them itself.
  var isBytes: Bool
}

extension ONNXConverter {
  /// Defines the tensor of the image under its name.
  mutating func define(_ input: ImageInput) {
    guard !input.isPlanar else {
      tensors[input.name] = Tensor(
        value: OperatorGraph.input, shape: [1, 3, input.height, input.width])
      return
    }
    let shape = [1, input.height, input.width, 3]
    let value = append("image", .transpose([0, 2, 3, 1]), [OperatorGraph.input], shape)
    tensors[input.name] = Tensor(value: value, shape: shape)
  }
}
