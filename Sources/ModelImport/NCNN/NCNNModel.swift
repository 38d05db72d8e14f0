internal import Models
internal import Backbone
internal import Layers
internal import SSDLite

/// Reads an ncnn model: the layers of its `.param` file, and the weights of the `.bin` file beside
/// it.
enum NCNNModel {
  /// Layers without weights that a MobileNet, a SqueezeNet or an SSD may have.
  private static let weightless: Set<String> = [
    "Input", "Split", "Slice", "Crop", "Padding", "Concat", "Eltwise", "BinaryOp", "Pooling",
    "ReLU",
    "Clip", "HardSwish", "HardSigmoid", "Sigmoid", "Softmax", "Dropout", "Noop", "Permute",
    "Flatten",
    "Reshape", "PriorBox", "DetectionOutput",
  ]

  /// - Throws: ``ModelFileError`` if anything is damaged, or a layer is unknown.
  static func read(_ parameters: MappedFile) throws(ModelFileError) -> ImportSource {
    let graph = try NCNNGraph(parameters)
    let weightsPath = try binaryPath(parameters.path)
    let file = try converting { () throws(SafetensorsError) in try MappedFile(path: weightsPath) }
    var weights = NCNNWeights(file)
    var source = ImportSource(path: graph.path, kind: "ncnn", tensors: [:])
    for layer in graph.layers where !weightless.contains(layer.type) {
      let convolution = try NCNNConvolution(layer, graph)
      let tensors = try weights.read(
        layer, shape: convolution.shape, hasBias: convolution.hasBias)
      guard source.tensors.updateValue(tensors.weight, forKey: "\(layer.name).weight") == nil else {
        throw graph.fault("Two layers are called \(layer.name).")
      }
      source.tensors["\(layer.name).bias"] = tensors.bias
      source.facts.inputScales[layer.name] = tensors.inputScale
      source.facts.windows[layer.name] = convolution.window
    }
    try weights.end()
    try readFacts(graph, &source.facts)
    return source
  }

  private static func binaryPath(_ path: String) throws(ModelFileError) -> String {
    guard path.hasSuffix(".param") else {
      throw ModelFileError(
        .unsupportedFormat, path: path,
        message: "This is an ncnn .param file without that extension, so its .bin file is unknown.",
        remedy: "Rename the two files to NAME.param and NAME.bin.")
    }
    return path.dropLast(".param".count) + ".bin"
  }

  // MARK: Facts

  private static func readFacts(
    _ graph: NCNNGraph, _ facts: inout ImportFacts
  ) throws(ModelFileError) {
    if let input = graph.layers.first(where: { $0.type == "Input" }) {
      let (width, height) = (input.integer(0, default: 0), input.integer(1, default: 0))
      guard input.integer(2, default: 3) == 3 else {
        throw graph.fault("The input does not have three channels.")
      }
      if width > 0 && height > 0 { facts.inputSize = (height, width) }
    }
    facts.padding = try padding(graph)
    guard let output = graph.layers.last(where: { $0.type == "DetectionOutput" }) else { return }
    let types = Set(graph.layers.map(\.type))
    facts.scoring = types.contains("Sigmoid") ? .sigmoid : .softmax
    facts.iouThreshold = Float(output.number(1, default: 0.05))
    facts.maximumDetections = output.integer(3, default: 100)
    facts.scoreThreshold = Float(output.number(4, default: 0.5))
    facts.boxCoder = BoxCoder(
      centerVariance: Float(output.number(5, default: 0.1)),
      sizeVariance: Float(output.number(7, default: 0.2)))
    facts.priors = try priors(graph, output)
  }

  /// How the strided windows are padded, by the zeros that their layers ask for.
  ///
  /// Conversions of TensorFlow's SAME pad both sides by two and then cut off the first row and
  /// column.
  private static func padding(_ graph: NCNNGraph) throws(ModelFileError) -> PaddingConvention? {
    var found: PaddingConvention?
    // The first layer that reads each blob.
    var readers: [String: Int] = [:]
    for (place, layer) in graph.layers.enumerated() {
      for input in layer.inputs where readers[input] == nil { readers[input] = place }
    }
    for layer in graph.layers where layer.type.hasPrefix("Convolution") {
      let convolution = try NCNNConvolution(layer, graph)
      let window = convolution.window
      guard window.stride == 2, window.kernel > 1 else { continue }
      if convolution.isSame {
        found = .same
      } else if window.pad == window.kernel - 1 {
        let follower = layer.outputs.compactMap { readers[$0] }.min().map { graph.layers[$0] }
        guard let follower, follower.type == "Slice" || follower.type == "Crop" else {
          throw graph.fault(
            "The layer \(layer.name) pads by \(window.pad), and no layer cuts that off.")
        }
        found = .same
      } else if window.pad == (window.kernel - 1) / 2, found == nil {
        found = .even
      }
    }
    return found
  }

  /// The `PriorBox` layers in the order in which `output` reads them.
  private static func priors(
    _ graph: NCNNGraph, _ output: NCNNGraph.Layer
  ) throws(ModelFileError) -> PriorSpecification? {
    let producers = Dictionary(
      graph.layers.flatMap { layer in layer.outputs.map { ($0, layer) } },
      uniquingKeysWith: { first, _ in first })
    guard output.inputs.count > 2, let joined = producers[output.inputs[2]] else { return nil }
    let layers = joined.type == "PriorBox" ? [joined] : joined.inputs.compactMap { producers[$0] }
    guard let first = layers.first else { return nil }
    var maps: [CaffePriorMap] = []
    for layer in layers {
      guard layer.type == "PriorBox" else {
        throw graph.fault("The layer \(layer.name) must be a PriorBox.")
      }
      let (across, down) = (layer.number(11, default: -233), layer.number(12, default: -233))
      guard across == down else {
        throw graph.fault("The priors of \(layer.name) have two different steps.")
      }
      maps.append(
        CaffePriorMap(
          minimumSizes: layer.parameters[0] ?? [], maximumSizes: layer.parameters[1] ?? [],
          aspectRatios: layer.parameters[2] ?? [], flips: layer.integer(7, default: 1) != 0,
          step: across == -233 ? nil : across))
    }
    return .caffe(
      CaffePriors(
        maps: maps, offset: first.number(13, default: 0), clips: first.integer(8, default: 0) != 0))
  }
}

/// The parameters of a `Convolution`, `ConvolutionDepthWise` or `InnerProduct` layer.
struct NCNNConvolution {
  /// Shape of the weights in PyTorch's order.
  let shape: [Int]
  let hasBias: Bool
  let window: LayerWindow
  /// Whether the layer asks for TensorFlow's SAME by name.
  let isSame: Bool

  init(_ layer: NCNNGraph.Layer, _ graph: NCNNGraph) throws(ModelFileError) {
    let isLinear = layer.type == "InnerProduct"
    guard isLinear || layer.type == "Convolution" || layer.type == "ConvolutionDepthWise" else {
      throw ModelFileError(
        .unknownLayer, path: graph.path,
        message: "The layer \(layer.name) is a \(layer.type), which is not supported.",
        remedy: "Fuse layers with ncnnoptimize, or import the network's PyTorch weights."
      )
    }
    let outputs = layer.integer(0, default: 0)
    let kernel = isLinear ? 1 : layer.integer(1, default: 0)
    let count = layer.integer(isLinear ? 2 : 6, default: 0)
    hasBias = layer.integer(isLinear ? 1 : 5, default: 0) != 0
    let groups = layer.type == "ConvolutionDepthWise" ? layer.integer(7, default: 1) : 1
    guard (1...1_000_000).contains(outputs), (1...31).contains(kernel), count > 0,
      count % (outputs * kernel * kernel) == 0
    else {
      throw graph.fault(
        "The layer \(layer.name) has \(count) weights, which do not fit its window.")
    }
    let inputs = count / (outputs * kernel * kernel)
    let isSquare =
      isLinear
      || (layer.integer(11, default: kernel) == kernel
        && layer.integer(13, default: layer.integer(3, default: 1)) == layer.integer(3, default: 1))
    guard isSquare, isLinear || layer.integer(2, default: 1) == 1, groups == 1 || groups == outputs,
      groups == 1 || inputs == 1
    else {
      throw ModelFileError(
        .unknownLayer, path: graph.path,
        message: "The layer \(layer.name) has a non-square, dilated or grouped window.",
        remedy: "Only square windows, full or depthwise, can be imported.")
    }
    shape = [outputs, inputs, kernel, kernel]
    let pad = isLinear ? 0 : layer.integer(4, default: 0)
    let after = layer.integer(15, default: pad)
    isSame = !isLinear && (pad == -233 || (pad == 0 && after == 1 && kernel == 3))
    window = LayerWindow(
      kernel: kernel, stride: isLinear ? 1 : layer.integer(3, default: 1), pad: max(pad, 0))
  }
}
