import Backbone
import Layers
import SSDLite
import TestSupport
import Testing

@testable import ModelImport
@testable import Models

/// Small graphs that would take gigabytes, or hours.
@Suite("Graphs that ask for too much")
struct BudgetTests {
  struct Demand: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var code = ModelFileError.Code.tooLarge
    var make: @Sendable (inout ONNXWriter) -> Void
  }

  static let demands: [Demand] = [
    Demand(testDescription: "a constant joined with itself 30 times") {
      $0.floats("k0", [4], [1, 2, 3, 4])
      for level in 0..<30 {
        $0.node("Concat", ["k\(level)", "k\(level)"], "k\(level + 1)", ["axis": .integer(0)])
      }
      $0.node("Add", ["image", "k30"], "y")
    },
    Demand(testDescription: "a number expanded to 64 Mi") {
      $0.integers("sides", [1 << 26])
      $0.floats("one", [1], [1])
      $0.node("Expand", ["one", "sides"], "e")
      $0.node("Add", ["image", "e"], "y")
    },
    Demand(testDescription: "functions of a constant, one after the other") {
      $0.integers("sides", [1 << 23])
      $0.floats("one", [1], [1])
      $0.node("Expand", ["one", "sides"], "r0")
      for level in 0..<20 { $0.node("Relu", ["r\(level)"], "r\(level + 1)") }
      $0.node("Add", ["image", "r20"], "y")
    },
    Demand(testDescription: "sums of a row and a column") {
      $0.integers("row", [1, 1 << 13])
      $0.integers("column", [1 << 13, 1])
      $0.node("ConstantOfShape", ["row"], "a")
      $0.node("ConstantOfShape", ["column"], "b")
      $0.node("Add", ["a", "b"], "c")
      $0.node("Mul", ["a", "c"], "d")
      $0.node("Add", ["image", "d"], "y")
    },
    Demand(testDescription: "positions read again and again") {
      $0.integers("row", [1 << 12, 1 << 10])
      $0.node("ConstantOfShape", ["row"], "a")
      $0.integers("many", [1 << 6, 1 << 6])
      $0.node("ConstantOfShape", ["many"], "zeros")
      $0.node("Gather", ["a", "zeros"], "b")
      $0.node("Gather", ["b", "zeros"], "c")
      $0.node("Add", ["image", "c"], "y")
    },
    Demand(testDescription: "a window of 1 x 4096 made square") {
      $0.floats("wide", [32, 3, 1, 4096], [Float](repeating: 1, count: 32 * 3 * 4096))
      $0.node("Conv", ["image", "wide"], "y", ["pads": .integers([0, 4095, 0, 4095])])
    },
    Demand(testDescription: "windows of 1 x 127 made square") {
      $0.floats("wide", [64, 64, 1, 127], [Float](repeating: 1, count: 64 * 64 * 127))
      $0.floats("first", [64, 3, 1, 1], [Float](repeating: 1, count: 192))
      $0.node("Conv", ["image", "first"], "x0")
      for level in 0..<2 {
        $0.node(
          "Conv", ["x\(level)", "wide"], "x\(level + 1)", ["pads": .integers([0, 63, 0, 63])])
      }
      $0.node("Relu", ["x2"], "y")
    },
    Demand(testDescription: "weights that many convolutions share, each scaled") {
      $0.floats("w", [256, 256, 1, 1], [Float](repeating: 1, count: 1 << 16))
      $0.floats("first", [256, 3, 1, 1], [Float](repeating: 1, count: 768))
      $0.floats("two", [1], [2])
      $0.node("Conv", ["image", "first"], "x0")
      for level in 0..<1100 {
        $0.node("Conv", ["x\(level)", "w"], "c\(level)")
        $0.node("Mul", ["c\(level)", "two"], "x\(level + 1)")
      }
      $0.node("GlobalAveragePool", ["x1100"], "y")
    },
    Demand(testDescription: "rows without numbers") {
      $0.integers("empty", [1 << 24, 0])
      $0.node("ConstantOfShape", ["empty"], "e")
      $0.node("Concat", [String](repeating: "e", count: 2000), "f", ["axis": .integer(1)])
      $0.node("Add", ["image", "f"], "y")
    },
    Demand(testDescription: "sides whose product overflows beside a zero") {
      $0.integers("empty", [0, 1 << 40, 1 << 40])
      $0.node("ConstantOfShape", ["empty"], "e")
      $0.node("Transpose", ["e"], "f", ["perm": .integers([2, 1, 0])])
      $0.node("Add", ["image", "f"], "y")
    },
    Demand(testDescription: "thousands of dimensions", code: .wrongShape) {
      $0.integers("axes", Array(0..<10_000))
      $0.floats("one", [1], [1])
      $0.node("Unsqueeze", ["one", "axes"], "u")
      $0.node("Add", ["image", "u"], "y")
    },
    Demand(testDescription: "a map joined with itself 30 times") {
      $0.node("Relu", ["image"], "x0")
      for level in 0..<30 {
        $0.node("Concat", ["x\(level)", "x\(level)"], "x\(level + 1)", ["axis": .integer(2)])
      }
      $0.node("Flatten", ["x30"], "y")
    },
    Demand(testDescription: "more operators than are allowed") {
      for level in 0..<20_050 {
        $0.node("Relu", [level == 0 ? "image" : "x\(level)"], "x\(level + 1)")
      }
      $0.outputs = ["x20050"]
    },
    Demand(testDescription: "very many outputs") {
      for number in 0..<2000 { $0.node("Identity", ["image"], "o\(number)") }
      $0.outputs = (0..<2000).map { "o\($0)" }
    },
    Demand(testDescription: "numbers of one byte each that become eight") { graph in
      graph.tensor { tensor in
        tensor.varint(1, 70 << 20)
        tensor.varint(2, 7)
        tensor.run(7, [UInt8](repeating: 1, count: 70 << 20))
        tensor.text(8, "bytes")
      }
      graph.node("Add", ["image", "bytes"], "y")
    },
  ]

  @Test("a graph is refused before it takes much memory or time", arguments: demands)
  func refused(demand: Demand) throws {
    try inTemporaryFolder { folder in
      var graph = ONNXWriter()
      demand.make(&graph)
      try write(graph.bytes(), to: folder + "/graph.onnx")
      let found = code {
        try Importer.run(
          ImportRequest(path: folder + "/graph.onnx", output: folder + "/model.safetensors"))
      }
      #expect(found == demand.code)
    }
  }

  @Test("empty nodes take more memory than their two bytes")
  func emptyNodes() throws {
    var nodes: [UInt8] = [0x0A, 0]
    while nodes.count < 10_000_000 { nodes += nodes }
    let length = nodes.count
    var file: [UInt8] = [0x3A]
    var rest = length
    while rest >= 0x80 {
      file.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    file.append(UInt8(rest))
    do throws(WireFault) {
      _ = try ONNXModel(file + nodes)
      Issue.record("twelve megabytes of nodes were read")
    } catch {
      #expect(error.isTooLarge)
    }
  }

  @Test("any number of operators may have one name")
  func equalNames() throws {
    var converter = ONNXConverter(
      path: "x", opset: 17, uses: [:], inputHeight: 1, inputWidth: 1)
    var names: Set<String> = []
    // With a search from 2 on for each name this took n² / 2 steps.
    for _ in 0..<60_000 { names.insert(converter.unused("same")) }
    #expect(names.count == 60_000 && names.contains("same") && names.contains("same_60000"))
    #expect(converter.unused("same_7") == "same_7_2")
  }

  @Test("our own networks may have the largest input")
  func largestInput() throws {
    let specification = SSDLiteSpecification.tensorFlow(
      backbone: .mobileNetV2, inputHeight: 4096, inputWidth: 4096)
    _ = try Network(graph: specification.graph()) { _, shape in
      [Float](repeating: 0, count: shape.reduce(1, *))
    }
    var wide = GraphBuilder(input: Shape(height: 4096, width: 4096, channels: 3))
    let map = wide.convolution(wide.input, "wide", outputChannels: 128)
    wide.output([map], "y", columns: 128)
    #expect(throws: NetworkError.self) {
      try Network(graph: wide.finish()) { _, shape in
        [Float](repeating: 0, count: shape.reduce(1, *))
      }
    }
  }

  @Test("a network that would take hours, or more memory than a frame may, isn't run")
  func heavyNetworks() throws {
    let detector = { (convolutions: [OperatorNode], height: Int) in
      OperatorGraph(
        inputHeight: height, inputWidth: height, constants: [], nodes: convolutions,
        outputs: [.init(name: "y", value: convolutions[convolutions.count - 1].name)])
    }
    let slow = (0..<5).map { level in
      OperatorNode(
        "c\(level)",
        .convolution(.init(channels: 64, kernel: 127, padding: .zeros(63))),
        [level == 0 ? OperatorGraph.input : "c\(level - 1)"])
    }
    #expect(throws: OperatorGraphError.self) { try detector(slow, 1024).compile() }
    // Each map is read again at the end, so all of them are held.
    var wide = [OperatorNode("m0", .function(.sigmoid), [OperatorGraph.input])]
    for level in 1..<8 {
      wide.append(OperatorNode("m\(level)", .function(.exponential), ["m\(level - 1)"]))
    }
    for level in 1..<8 {
      let sum = level == 1 ? "m0" : "s\(level - 1)"
      wide.append(OperatorNode("s\(level)", .add, [sum, "m\(level)"]))
    }
    let (graph, tensors) = try detector(wide, 2047).compile()
    let error = #expect(throws: NetworkError.self) {
      try Network(graph: graph, tensors: tensors) { _, shape in
        [Float](repeating: 0, count: shape.reduce(1, *))
      }
    }
    guard case .tooLarge = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
