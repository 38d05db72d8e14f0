import Layers
import TestSupport

/// A random graph with weights, and an input.
struct RandomNetwork {
  let graph: Graph
  let weights: [String: [Float]]
  let image: [Float]

  init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    graph = makeRandomGraph(&random)
    weights = makeRandomWeights(graph, &random)
    image = (0..<graph.input.shape.count).map { _ in Float.random(in: -1...1, using: &random) }
  }

  func weight(_ name: String, _ shape: [Int]) -> [Float] { weights[name] ?? [] }
}

/// Runs a network with these settings on `image` twice.
///
/// Returns the outputs of the second run, because a run must not depend on what the previous one
/// left, and whether the arithmetic was simulated.
func run(
  _ graph: Graph, isa: InstructionSet = .best, keepsTaps: Bool = false, _ numerics: Numerics,
  _ image: [Float], _ weights: [String: [Float]]
) throws -> (isSimulated: Bool, outputs: [[Float]]) {
  let network = try Network(graph: graph, isa: isa, keepsTaps: keepsTaps, numerics: numerics) {
    name, _ in weights[name] ?? []
  }
  let session = network.makeSession()
  session.fill(image)
  for _ in 0..<2 { session.run() }
  return (network.isSimulated, graph.outputs.map { session.output($0.name) })
}

/// Weights that keep the magnitude of values from layer to layer.
func makeRandomWeights(_ graph: Graph, _ random: inout SplitMix64) -> [String: [Float]] {
  var weights: [String: [Float]] = [:]
  for node in graph.nodes {
    guard let shape = node.weightShape else { continue }
    let scale = 1.5 / Float(shape.dropFirst().reduce(1, *)).squareRoot()
    weights["\(node.name).weight"] = (0..<shape.reduce(1, *)).map { _ in
      Float.random(in: -scale...scale, using: &random)
    }
    weights["\(node.name).bias"] = (0..<shape[0]).map { _ in
      Float.random(in: -0.5...0.5, using: &random)
    }
  }
  return weights
}

/// Ten operators in a row, with shortcuts, squeeze-and-excitation, concatenations and two outputs.
func makeRandomGraph(_ random: inout SplitMix64) -> Graph {
  let side = Int.random(in: 5...14, using: &random)
  var builder = GraphBuilder(
    input: Shape(height: side, width: side + Int.random(in: 0...3, using: &random), channels: 3))
  let paddings: [Padding] = [.even, .same]
  var x = builder.convolution(
    builder.input, "stem", outputChannels: Int.random(in: 1...40, using: &random),
    window: Window(
      kernel: 3, stride: Int.random(in: 1...2, using: &random),
      padding: paddings[Int.random(in: 0...1, using: &random)]),
    activation: .relu6)
  for index in 0..<10 {
    let name = "op\(index)"
    let activation = Activation.allCases[Int.random(in: 0..<5, using: &random)]
    let padding = paddings[Int.random(in: 0...1, using: &random)]
    let channels = [7, 16, 24, 32, 33, 48, 72][Int.random(in: 0..<7, using: &random)]
    switch Int.random(in: 0..<15, using: &random) {
    case 0:
      x = builder.convolution(x, name, outputChannels: channels, activation: activation)
    case 1:
      let window = Window(
        kernel: [1, 3, 5][Int.random(in: 0..<3, using: &random)],
        stride: Int.random(in: 1...2, using: &random), padding: padding)
      x = builder.convolution(
        x, name, outputChannels: channels, window: window, activation: activation)
    case 2:
      let window = Window(
        kernel: Bool.random(using: &random) ? 3 : 5,
        stride: Int.random(in: 1...2, using: &random), padding: padding)
      x = builder.depthwise(x, name, window: window, activation: activation)
    case 3:
      let branch = builder.depthwise(
        x, "\(name).dw", window: Window(kernel: 3), activation: .relu)
      let projected = builder.convolution(
        branch, "\(name).project", outputChannels: x.shape.channels)
      x = builder.add(x, projected, name)
    case 4:
      let pooled = builder.globalAveragePool(x, "\(name).pool")
      let squeezed = builder.convolution(
        pooled, "\(name).fc1", outputChannels: 8, activation: .relu)
      let excited = builder.convolution(
        squeezed, "\(name).fc2", outputChannels: x.shape.channels, activation: .hardSigmoid)
      x = builder.scale(x, by: excited, name)
    case 5:
      let first = builder.convolution(
        x, "\(name).expand1x1", outputChannels: channels, activation: .relu)
      let second = builder.convolution(
        x, "\(name).expand3x3", outputChannels: 20, window: Window(kernel: 3), activation: .relu)
      let shortcut = builder.convolution(x, "\(name).shortcut", outputChannels: channels)
      let sum = builder.add(first, shortcut, "\(name).sum")
      let parts = Bool.random(using: &random) ? [first, second] : [sum, second]
      let count = parts.reduce(0) { $0 + $1.shape.channels }
      x =
        Bool.random(using: &random)
        ? builder.concatenate(parts, name)
        : builder.gather(
          parts, name, order: Array((0..<count).shuffled(using: &random).prefix(40)))
    case 6:
      let window = Window(kernel: 2, stride: 2, padding: .valid, roundsUp: true)
      x =
        x.shape.height < 2 || x.shape.width < 2
        ? x
        : Bool.random(using: &random)
          ? builder.maxPool(x, name, window: window)
          : builder.averagePool(x, name, window: window)
    case 9:
      let groups = [2, 3, 8].filter { x.shape.channels % $0 == 0 }.randomElement(using: &random)
      let window = Window(
        kernel: Bool.random(using: &random) ? 3 : 1,
        stride: Int.random(in: 1...2, using: &random), padding: padding,
        dilation: Int.random(in: 1...2, using: &random))
      x = builder.grouped(
        x, name, outputChannels: (groups ?? 1) * Int.random(in: 1...20, using: &random),
        groups: groups ?? 1, window: window, activation: activation)
    case 10:
      let window = Window(
        kernel: 3, stride: Int.random(in: 1...2, using: &random), padding: padding,
        dilation: Int.random(in: 2...4, using: &random))
      x =
        Bool.random(using: &random)
        ? builder.depthwise(x, name, window: window, activation: activation)
        : builder.add(
          builder.convolution(x, "\(name).dilated", outputChannels: channels, window: window),
          builder.convolution(
            x, "\(name).shortcut", outputChannels: channels,
            window: Window(kernel: 1, stride: window.stride, padding: padding)), name)
    case 11:
      let functions: [ElementFunction] = [.sigmoid, .clamp(lower: -0.5, upper: 0.75)]
      let gate = builder.function(
        x, "\(name).gate", functions[Int.random(in: 0...1, using: &random)])
      x = builder.multiply(x, gate, name)
    case 12:
      let border = Border(
        top: Int.random(in: 0...2, using: &random), left: Int.random(in: 0...2, using: &random),
        bottom: 1, right: Int.random(in: 0...1, using: &random))
      x = builder.pad(x, name, border)
    case 13:
      let (height, width) = (x.shape.height + 3, max(x.shape.width - 2, 1))
      x = builder.resize(
        x, name,
        Resampling(
          height: height, width: width,
          mode: Bool.random(using: &random) ? .nearest : .linear,
          coordinates: [.halfPixel, .pytorchHalfPixel, .asymmetric, .alignCorners][
            Int.random(in: 0..<4, using: &random)],
          rounding: .preferFloor, rowScale: Double(height) / Double(x.shape.height),
          columnScale: Double(width) / Double(x.shape.width)))
    case 14: x = builder.normalize(x, name)
    case 7: x = builder.activation(x, name, activation)
    default: x = builder.add(x, x, name)
    }
    builder.tap(x, name)
  }
  let head = builder.convolution(x, "head", outputChannels: 12)
  builder.output([head], "head", columns: 4)
  let dw = builder.depthwise(x, "head2.dw", window: Window(kernel: 3), activation: .relu6)
  let first = builder.convolution(dw, "head2.0", outputChannels: 10)
  builder.output([first, x], "both", columns: 1)
  return builder.finish()
}
