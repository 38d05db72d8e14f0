import Foundation
import Layers
import TestSupport
import Testing

@testable import Models
@testable import ModelImport

/// Graphs that cannot be imported, and bytes that are not graphs.
@Suite struct HostileONNXTests {
  /// What is wrong with a graph, and a text that the error must contain.
  struct Fault: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var mention: String
    var code = ModelFileError.Code.unknownLayer
    var spoil: @Sendable (inout ONNXWriter) -> Void
  }

  static let faults: [Fault] = [
    Fault(testDescription: "an unknown operator", mention: "the Einsum (Einsum)") {
      $0.node("Einsum", ["x"], "y")
    },
    Fault(testDescription: "weights of integers", mention: "DequantizeLinear") {
      $0.node("DequantizeLinear", ["w", "w"], "f")
      $0.node("Conv", ["image", "f"], "y")
    },
    Fault(testDescription: "an operator of another domain", mention: "com.microsoft") {
      $0.node("Relu", ["x"], "y", domain: "com.microsoft")
    },
    Fault(testDescription: "a name that no operator computes", mention: "nowhere", code: .damaged) {
      $0.node("Add", ["x", "nowhere"], "y")
    },
    Fault(testDescription: "a cycle", mention: "nothing before it computes", code: .damaged) {
      $0.node("Add", ["x", "b"], "a")
      $0.node("Add", ["a", "a"], "b")
      $0.node("Relu", ["b"], "y")
    },
    Fault(
      testDescription: "two results with the same name", mention: "already exists", code: .damaged
    ) {
      $0.node("Relu", ["x"], "y")
      $0.node("Sigmoid", ["x"], "y")
    },
    Fault(testDescription: "an output that does not exist", mention: "output gone", code: .damaged)
    {
      $0.outputs = ["gone"]
    },
    Fault(testDescription: "two images", mention: "2 inputs", code: .invalidOption) {
      $0.inputs.append(("second", [1, 3, 4, 4]))
      $0.node("Relu", ["x"], "y")
    },
    Fault(testDescription: "four channels", mention: "three", code: .invalidOption) {
      $0.inputs = [("image", [1, 4, 4, 6])]
    },
    Fault(testDescription: "an open size", mention: "--size", code: .invalidOption) {
      $0.inputs = [("image", [0, 3, 0, 0])]
    },
    Fault(testDescription: "a huge image", mention: "4096", code: .invalidOption) {
      $0.inputs = [("image", [1, 3, 1 << 40, 6])]
    },
    Fault(testDescription: "operators of the year 2100", mention: "900", code: .unsupportedFormat) {
      $0.opset = 900
    },
    Fault(testDescription: "weights for other channels", mention: "the Conv", code: .wrongShape) {
      $0.floats("w2", [2, 5, 1, 1], [Float](repeating: 1, count: 10))
      $0.node("Conv", ["x", "w2"], "y")
    },
    Fault(testDescription: "too many weights", mention: "7 numbers", code: .damaged) {
      $0.floats("w2", [2, 2, 1, 1], [Float](repeating: 1, count: 7), .typedFloat)
      $0.node("Conv", ["x", "w2"], "y")
    },
    Fault(testDescription: "truncated raw weights", mention: "8 bytes", code: .damaged) {
      $0.floats("w2", [2, 2, 1, 1], [1, 1])
      $0.node("Conv", ["x", "w2"], "y")
    },
    Fault(testDescription: "huge weights", mention: "shape", code: .damaged) {
      $0.floats("w2", [1 << 40, 1 << 40, 1, 1], [1])
      $0.node("Conv", ["x", "w2"], "y")
    },
    Fault(testDescription: "a negative dimension", mention: "shape", code: .damaged) {
      $0.floats("w2", [-2, -2, 1, 1], [1, 1, 1, 1])
      $0.node("Conv", ["x", "w2"], "y")
    },
    Fault(testDescription: "weights in another file", mention: "another file", code: .damaged) {
      $0.tensor { tensor in
        tensor.varint(1, 4)
        tensor.varint(2, 1)
        tensor.text(8, "w2")
        tensor.varint(14, 1)
      }
      $0.node("Add", ["x", "w2"], "y")
    },
    Fault(testDescription: "weights of text", mention: "format 8", code: .damaged) {
      $0.tensor { tensor in
        tensor.varint(2, 8)
        tensor.text(8, "w2")
      }
      $0.node("Add", ["x", "w2"], "y")
    },
    Fault(testDescription: "two weights with the same name", mention: "Two tensors", code: .damaged)
    {
      $0.floats("w", [1], [1])
      $0.node("Add", ["x", "w"], "y")
    },
    Fault(testDescription: "a weight that is not finite", mention: "not finite", code: .notFinite) {
      $0.floats("w2", [2, 2, 1, 1], [1, .infinity, 0, 0])
      $0.node("Conv", ["x", "w2"], "z")
      $0.node("GlobalAveragePool", ["z"], "y")
    },
    Fault(testDescription: "no groups", mention: "0 groups", code: .wrongShape) {
      $0.node("Conv", ["image", "w"], "y", ["group": .integer(0)])
    },
    Fault(testDescription: "a huge number of groups", mention: "groups", code: .wrongShape) {
      $0.node("Conv", ["image", "w"], "y", ["group": .integer(.max)])
    },
    Fault(testDescription: "a stride of zero", mention: "the Conv") {
      $0.node("Conv", ["image", "w"], "y", ["strides": .integers([0, 0])])
    },
    Fault(testDescription: "strides that differ", mention: "equal ones") {
      $0.node("Conv", ["image", "w"], "y", ["strides": .integers([1, 2])])
    },
    Fault(testDescription: "a huge border", mention: "border") {
      $0.node("Conv", ["image", "w"], "y", ["pads": .integers([1 << 60, 0, 0, 0])])
    },
    Fault(testDescription: "a window that does not fit", mention: "window", code: .wrongShape) {
      $0.node("MaxPool", ["x"], "y", ["kernel_shape": .integers([9, 9])])
    },
    Fault(testDescription: "maps that do not broadcast", mention: "combines", code: .wrongShape) {
      $0.node("Add", ["x", "image"], "y")
    },
    Fault(
      testDescription: "a shape with another number of elements", mention: "reshapes",
      code: .wrongShape
    ) {
      $0.integers("sides", [5, -1])
      $0.node("Reshape", ["x", "sides"], "y")
    },
    Fault(testDescription: "a huge shape", mention: "reshapes", code: .wrongShape) {
      $0.integers("sides", [.max, .max, 8])
      $0.node("Reshape", ["x", "sides"], "y")
    },
    Fault(testDescription: "a shape that depends on the image", mention: "needs a constant") {
      $0.node("Reshape", ["x", "x"], "y")
    },
    Fault(testDescription: "an invalid order of axes", mention: "order", code: .wrongShape) {
      $0.node("Transpose", ["x"], "y", ["perm": .integers([0, 1, 1, 9])])
    },
    Fault(testDescription: "an empty slice", mention: "0 positions") {
      $0.integers("start", [.max])
      $0.integers("end", [.min])
      $0.node("Slice", ["x", "start", "end"], "y")
    },
    Fault(testDescription: "a huge size", mention: "resizes") {
      $0.integers("sizes", [1, 2, .max, .max])
      $0.node("Resize", ["x", "", "", "sizes"], "y")
    },
    Fault(testDescription: "a scale of zero", mention: "scale") {
      $0.floats("scales", [4], [1, 1, 0, .nan])
      $0.node("Resize", ["x", "", "scales"], "y")
    },
    Fault(testDescription: "a cubic resize", mention: "cubic") {
      $0.floats("scales", [4], [1, 1, 2, 2])
      $0.node("Resize", ["x", "", "scales"], "y", ["mode": .text("cubic")])
    },
    Fault(testDescription: "a huge constant", mention: "makes a tensor", code: .tooLarge) {
      $0.integers("sides", [1 << 31, 1 << 31])
      $0.node("ConstantOfShape", ["sides"], "zeros")
      $0.node("Add", ["x", "zeros"], "y")
    },
    Fault(
      testDescription: "a convolution after a softmax", mention: "not a feature map"
    ) {
      $0.node("Softmax", ["x"], "z", ["axis": .integer(1)])
      $0.floats("w2", [3, 2, 4, 6], [Float](repeating: 1, count: 144))
      $0.node("Conv", ["z", "w2"], "y")
    },
    Fault(
      testDescription: "outputs without a clear meaning", mention: "--scores", code: .invalidOption
    ) {
      $0.node("Relu", ["x"], "y")
    },
  ]

  @Test(
    "a graph that cannot be imported gives an error that names the node or tensor",
    arguments: faults)
  func rejected(fault: Fault) throws {
    try inTemporaryFolder { folder in
      var graph = ONNXWriter()
      graph.floats("w", [2, 3, 1, 1], [1, 2, 3, 4, 5, 6])
      graph.node("Conv", ["image", "w"], "x")
      fault.spoil(&graph)
      try write(graph.bytes(), to: folder + "/graph.onnx")
      do {
        try Importer.run(
          ImportRequest(path: folder + "/graph.onnx", output: folder + "/model.safetensors"))
        Issue.record("the graph was imported")
      } catch let error as ModelFileError {
        #expect(error.code == fault.code, "\(error)")
        #expect(error.description.contains(fault.mention), "\(error)")
        #expect(!error.description.contains("\n"))
      }
    }
  }

  /// A graph with most of the message types that are read.
  static func sample() -> ONNXWriter {
    var graph = ONNXWriter()
    graph.floats("w", [2, 3, 3, 3], (0..<54).map { Float($0 % 7) - 3 })
    graph.floats("b", [2], [1, -1], .typedHalf)
    graph.integers("sides", [1, -1, 2])
    graph.node("Conv", ["image", "w", "b"], "x", ["pads": .integers([1, 1, 1, 1])])
    graph.node("Relu", ["x"], "r")
    graph.node("Transpose", ["r"], "t", ["perm": .integers([0, 2, 3, 1])])
    graph.node("Reshape", ["t", "sides"], "s")
    graph.node("Softmax", ["s"], "y", ["axis": .integer(2)])
    graph.node("Concat", ["s", "s"], "boxes", ["axis": .integer(2)])
    graph.node("Add", ["boxes", "boxes"], "z")
    graph.outputs = ["y", "z"]
    return graph
  }

  @Test("a damaged file is rejected or imported, and imported files run")
  func mutations() throws {
    try inTemporaryFolder { folder in
      let whole = Self.sample().bytes()
      var random = SplitMix64(seed: 11)
      var rejected = 0
      for _ in 0..<1500 {
        let bytes = mutated(whole, using: &random)
        guard !bytes.isEmpty else { continue }
        try write(bytes, to: folder + "/graph.onnx")
        do {
          let model = try Importer.run(
            ImportRequest(path: folder + "/graph.onnx", output: folder + "/model.safetensors"))
          #expect(!(try Verifier(model).selfCheck().isEmpty))
        } catch let error as ModelFileError {
          #expect(error.path.hasPrefix(folder), "\(error)")
          rejected += 1
        }
      }
      #expect(rejected > 500 && rejected < 1500)
    }
  }

  @Test("every storage format gives the same model", arguments: ONNXWriter.Storage.allCases)
  func storages(storage: ONNXWriter.Storage) throws {
    try inTemporaryFolder { folder in
      var graph = ONNXWriter()
      let weights = (0..<12).map { Float($0) - 5 }
      graph.floats("layer.weight", [4, 3, 1, 1], weights, storage)
      graph.node("Conv", ["image", "layer.weight"], "x")
      graph.node("GlobalAveragePool", ["x"], "y")
      try write(graph.bytes(), to: folder + "/graph.onnx")
      let model = try Importer.run(
        ImportRequest(path: folder + "/graph.onnx", output: folder + "/model.safetensors"))
      #expect(try model.weights("layer.weight", [4, 3, 1, 1]) == weights)
      #expect(model.description.architecture.classes == 4)
      #expect(!model.description.architecture.isDetector)
    }
  }
}
