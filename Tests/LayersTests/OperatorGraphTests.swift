import Foundation
import TestSupport
import Testing

@testable import Layers

/// Networks as lists of operators: which are rejected, and that every accepted one runs.
@Suite struct OperatorGraphTests {
  /// A network with most operators.
  static let sample = OperatorGraph(
    inputHeight: 12, inputWidth: 16,
    constants: [
      .init(name: "sizes", shape: [1, 48, 2]), .init(name: "matrix", shape: [4, 3]),
    ],
    nodes: [
      OperatorNode(
        "stem",
        .convolution(
          .init(channels: 8, kernel: 3, stride: 2, padding: .same, activation: .hardSwish)),
        ["input"]),
      OperatorNode(
        "dw", .convolution(.init(channels: 8, kernel: 3, groups: 8, padding: .zeros(1))),
        ["stem"]),
      OperatorNode(
        "grouped",
        .convolution(.init(channels: 8, kernel: 3, dilation: 2, groups: 2, padding: .zeros(2))),
        ["dw"]),
      OperatorNode("sum", .add, ["grouped", "stem"]),
      OperatorNode("sigmoid", .function(.sigmoid), ["sum"]),
      OperatorNode("gated", .multiply, ["sum", "sigmoid"]),
      OperatorNode("pooled", .globalAverage, ["gated"]),
      OperatorNode("scaled", .multiply, ["pooled", "gated"]),
      OperatorNode(
        "max", .maxPool(.init(kernel: 3, stride: 2, padding: .zeros(1), roundsUp: true)),
        ["scaled"]),
      OperatorNode(
        "large",
        .resize(
          Resampling(
            height: 6, width: 8, mode: .linear, coordinates: .halfPixel, rounding: .floor,
            rowScale: 2, columnScale: 2)), ["max"]),
      OperatorNode(
        "border", .pad(Border(top: 0, left: 0, bottom: 1, right: 2)), ["large"]),
      OperatorNode(
        "mean", .averagePool(.init(kernel: 2, stride: 1, padding: .zeros(0))), ["border"]),
      OperatorNode("joined", .concatenate(axis: 1), ["scaled", "dw"]),
      OperatorNode("head", .convolution(.init(channels: 4, kernel: 1)), ["joined"]),
      OperatorNode("turned", .transpose([0, 2, 3, 1]), ["head"]),
      OperatorNode("rows", .reshape([1, 48, 4]), ["turned"]),
      OperatorNode("scores", .softmax(axis: 2), ["rows"]),
      OperatorNode("first", .slice(.init(axis: 2, start: 0, count: 2, step: 2)), ["rows"]),
      OperatorNode("clamped", .function(.clamp(lower: -4, upper: 4)), ["first"]),
      OperatorNode("power", .function(.exponential), ["clamped"]),
      OperatorNode("width", .divide, ["power", "sizes"]),
      OperatorNode("edge", .subtract, ["first", "width"]),
      OperatorNode("boxes", .concatenate(axis: 2), ["edge", "width"]),
      OperatorNode("product", .matrixProduct, ["rows", "matrix"]),
      OperatorNode("average", .mean(axes: [1]), ["product"]),
    ],
    outputs: [
      .init(name: "scores", value: "scores"), .init(name: "boxes", value: "boxes"),
      .init(name: "average", value: "average"), .init(name: "map", value: "mean"),
    ])

  @Test("a network is the same after a round trip through JSON")
  func roundTrip() throws {
    let data = try JSONEncoder().encode(Self.sample)
    #expect(try JSONDecoder().decode(OperatorGraph.self, from: data) == Self.sample)
  }

  @Test("outputs have the right shapes, and softmax sums to 1")
  func runs() throws {
    let (graph, tensors) = try Self.sample.compile()
    #expect(tensors.outputShapes["scores"] == [1, 48, 4])
    #expect(tensors.outputShapes["boxes"] == [1, 48, 4])
    #expect(tensors.outputShapes["average"] == [1, 1, 3])
    #expect(tensors.outputShapes["map"] == [1, 8, 6, 9])
    let session = try run(graph, tensors)
    session.withOutput("scores") { scores in
      for row in 0..<48 {
        let sum = (0..<4).reduce(Float(0)) { $0 + scores[row * 4 + $1] }
        #expect(abs(sum - 1) < 1e-5)
      }
    }
  }

  private func run(_ graph: Graph, _ tensors: TensorProgram) throws -> Session {
    var random = SplitMix64(seed: 4)
    let network = try Network(graph: graph, tensors: tensors) { _, shape in
      (0..<shape.reduce(1, *)).map { _ in Float.random(in: 0.1...0.9, using: &random) }
    }
    let session = network.makeSession()
    session.withInput { input in
      for index in input.indices { input[index] = Float.random(in: -1...1, using: &random) }
    }
    session.run()
    return session
  }

  @Test("two operators of one name are rejected, whatever they are")
  func equalNames() throws {
    let convolution = Operator.convolution(.init(channels: 4, kernel: 1))
    for (operations, name) in [
      ([convolution, convolution], "c"), ([convolution, .globalAverage], "c"),
      ([.globalAverage, .function(.sigmoid)], "c"), ([convolution, convolution], "input"),
    ] {
      let nodes = operations.enumerated().map { place, operation in
        OperatorNode(name, operation, [place == 0 ? OperatorGraph.input : name])
      }
      let graph = OperatorGraph(
        inputHeight: 8, inputWidth: 8, constants: [], nodes: nodes,
        outputs: [.init(name: "y", value: name)])
      #expect(throws: OperatorGraphError.self) { try graph.compile() }
    }
  }

  @Test("a network with any change is either rejected with a message or runs")
  func mutations() throws {
    var random = SplitMix64(seed: 77)
    var (rejected, ran) = (0, 0)
    for _ in 0..<2000 {
      var network = Self.sample
      for _ in 0..<Int.random(in: 1...2, using: &random) { change(&network, &random) }
      do {
        let (graph, tensors) = try network.compile()
        // Large valid networks are skipped, as they only take time.
        let work = graph.nodes.reduce(0) { $0 + $1.multiplyAdds + $1.output.shape.count }
        let constants = network.constants.reduce(0) { $0 + $1.shape.reduce(1, *) }
        guard work < 1 << 19, constants < 1 << 16 else { continue }
        let session = try run(graph, tensors)
        for output in session.network.outputs {
          session.withOutput(output.name) { #expect($0.count == output.count) }
        }
        ran += 1
      } catch let error as OperatorGraphError {
        #expect(error.description.hasSuffix("."))
        rejected += 1
      }
    }
    #expect(rejected > 500 && ran > 100, "\(rejected) were rejected, \(ran) ran")
  }

  /// Sizes that are likely to be invalid.
  private static let numbers = [
    -1, 0, 1, 2, 3, 4, 5, 8, 16, 31, 48, 127, 128, 4096, 65_536, 1 << 31, 1 << 40, .max, .min,
  ]

  private func change(_ network: inout OperatorGraph, _ random: inout SplitMix64) {
    let number = Self.numbers.randomElement(using: &random) ?? 0
    let index = Int.random(in: 0..<network.nodes.count, using: &random)
    switch Int.random(in: 0..<7, using: &random) {
    case 0: network.nodes.remove(at: index)
    case 1: network.nodes.swapAt(index, Int.random(in: 0..<network.nodes.count, using: &random))
    case 2:
      let other = network.nodes.randomElement(using: &random)?.name ?? ""
      if !network.nodes[index].inputs.isEmpty { network.nodes[index].inputs[0] = other }
    case 3: network.nodes[index].inputs.append("stem")
    case 4: network.constants[0].shape[Int.random(in: 0..<3, using: &random)] = number
    case 5: network.inputWidth = number
    default:
      network.nodes[index].operation = changed(network.nodes[index].operation, number, &random)
    }
  }

  private func changed(
    _ operation: Operator, _ number: Int, _ random: inout SplitMix64
  ) -> Operator {
    let choice = Int.random(in: 0..<6, using: &random)
    switch operation {
    case .convolution(var numbers):
      switch choice {
      case 0: numbers.channels = number
      case 1: numbers.kernel = number
      case 2: numbers.stride = number
      case 3: numbers.dilation = number
      case 4: numbers.groups = number
      default: numbers.padding = .zeros(number)
      }
      return .convolution(numbers)
    case .maxPool(var numbers), .averagePool(var numbers):
      switch choice {
      case 0...1: numbers.kernel = number
      case 2...3: numbers.stride = number
      default: numbers.padding = choice == 4 ? .same : .zeros(number)
      }
      return choice == 0 ? .averagePool(numbers) : .maxPool(numbers)
    case .resize(var resampling):
      switch choice {
      case 0: resampling.height = number
      case 1: resampling.width = number
      case 2: resampling.rowScale = Double(number)
      case 3: resampling.columnScale = .nan
      default: resampling.coordinates = .alignCorners
      }
      return .resize(resampling)
    case .pad: return .pad(Border(top: number, left: 1, bottom: 0, right: number))
    case .slice(var slice):
      switch choice {
      case 0...1: slice.start = number
      case 2...3: slice.count = number
      case 4: slice.axis = number
      default: slice.step = number
      }
      return .slice(slice)
    case .concatenate: return .concatenate(axis: number)
    case .softmax: return .softmax(axis: number)
    case .mean: return .mean(axes: [number, 0])
    case .reshape(var shape):
      shape[choice % 3] = number
      return .reshape(shape)
    case .transpose(var order):
      order[choice % 4] = number
      return .transpose(order)
    case .add, .subtract, .multiply, .divide, .matrixProduct:
      return [.add, .subtract, .multiply, .divide, .matrixProduct, .globalAverage][choice]
    case .globalAverage, .function: return .softmax(axis: number)
    }
  }
}
