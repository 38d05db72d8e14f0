import Foundation
import Layers
import TestSupport
import Testing

@testable import Models
@testable import ModelImport

/// Graphs that cannot be run, and bytes that are no graphs.
@Suite struct HostileONNXTests {
  /// What is wrong with a graph, and a word that the error must have.
  struct Fault: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var word: String
    var code = ModelFileError.Code.unknownLayer
    var spoil: @Sendable (inout ONNXWriter) -> Void
  }

  static let faults: [Fault] = [
    Fault(testDescription: "an operator that is not known", word: "the Einsum (Einsum)") {
      $0.node("Einsum", ["x"], "y")
    },
    Fault(testDescription: "weights of integers", word: "DequantizeLinear") {
      $0.node("DequantizeLinear", ["w", "w"], "f")
      $0.node("Conv", ["image", "f"], "y")
    },
    Fault(testDescription: "an operator of another domain", word: "com.microsoft") {
      $0.node("Relu", ["x"], "y", domain: "com.microsoft")
    },
    Fault(testDescription: "a name that nothing computes", word: "nowhere", code: .damaged) {
      $0.node("Add", ["x", "nowhere"], "y")
    },
    Fault(testDescription: "a cycle", word: "nothing before it computes", code: .damaged) {
      $0.node("Add", ["x", "b"], "a")
      $0.node("Add", ["a", "a"], "b")
      $0.node("Relu", ["b"], "y")
    },
    Fault(testDescription: "two results of one name", word: "there already", code: .damaged) {
      $0.node("Relu", ["x"], "y")
      $0.node("Sigmoid", ["x"], "y")
    },
    Fault(testDescription: "an output that is not there", word: "output gone", code: .damaged) {
      $0.outputs = ["gone"]
    },
    Fault(testDescription: "two images", word: "2 inputs", code: .invalidOption) {
      $0.inputs.append(("second", [1, 3, 4, 4]))
      $0.node("Relu", ["x"], "y")
    },
    Fault(testDescription: "four channels", word: "three", code: .invalidOption) {
      $0.inputs = [("image", [1, 4, 4, 6])]
    },
    Fault(testDescription: "a size that is open", word: "--size", code: .invalidOption) {
      $0.inputs = [("image", [0, 3, 0, 0])]
    },
    Fault(testDescription: "an image without end", word: "4096", code: .invalidOption) {
      $0.inputs = [("image", [1, 3, 1 << 40, 6])]
    },
    Fault(testDescription: "operators of the year 2100", word: "900", code: .unsupportedFormat) {
      $0.opset = 900
    },
    Fault(testDescription: "weights for other channels", word: "the Conv", code: .wrongShape) {
      $0.floats("w2", [2, 5, 1, 1], [Float](repeating: 1, count: 10))
      $0.node("Conv", ["x", "w2"], "y")
    },
    Fault(testDescription: "weights of another number", word: "7 numbers", code: .damaged) {
      $0.floats("w2", [2, 2, 1, 1], [Float](repeating: 1, count: 7), .typedFloat)
      $0.node("Conv", ["x", "w2"], "y")
    },
    Fault(testDescription: "raw weights that are cut off", word: "8 bytes", code: .damaged) {
      $0.floats("w2", [2, 2, 1, 1], [1, 1])
      $0.node("Conv", ["x", "w2"], "y")
    },
    Fault(testDescription: "weights without end", word: "shape", code: .damaged) {
      $0.floats("w2", [1 << 40, 1 << 40, 1, 1], [1])
      $0.node("Conv", ["x", "w2"], "y")
    },
    Fault(testDescription: "a side below zero", word: "shape", code: .damaged) {
      $0.floats("w2", [-2, -2, 1, 1], [1, 1, 1, 1])
      $0.node("Conv", ["x", "w2"], "y")
    },
    Fault(testDescription: "weights in another file", word: "another file", code: .damaged) {
      $0.tensor { tensor in
        tensor.varint(1, 4)
        tensor.varint(2, 1)
        tensor.text(8, "w2")
        tensor.varint(14, 1)
      }
      $0.node("Add", ["x", "w2"], "y")
    },
    Fault(testDescription: "weights of text", word: "format 8", code: .damaged) {
      $0.tensor { tensor in
        tensor.varint(2, 8)
        tensor.text(8, "w2")
      }
      $0.node("Add", ["x", "w2"], "y")
    },
    Fault(testDescription: "two weights of one name", word: "Two tensors", code: .damaged) {
      $0.floats("w", [1], [1])
      $0.node("Add", ["x", "w"], "y")
    },
    Fault(testDescription: "a weight that is not finite", word: "not finite", code: .notFinite) {
      $0.floats("w2", [2, 2, 1, 1], [1, .infinity, 0, 0])
      $0.node("Conv", ["x", "w2"], "z")
      $0.node("GlobalAveragePool", ["z"], "y")
    },
    Fault(testDescription: "no groups", word: "0 groups", code: .wrongShape) {
      $0.node("Conv", ["image", "w"], "y", ["group": .integer(0)])
    },
    Fault(testDescription: "groups beyond all numbers", word: "groups", code: .wrongShape) {
      $0.node("Conv", ["image", "w"], "y", ["group": .integer(.max)])
    },
    Fault(testDescription: "a stride of zero", word: "the Conv") {
      $0.node("Conv", ["image", "w"], "y", ["strides": .integers([0, 0])])
    },
    Fault(testDescription: "strides that differ", word: "equal ones") {
      $0.node("Conv", ["image", "w"], "y", ["strides": .integers([1, 2])])
    },
    Fault(testDescription: "a border without end", word: "border") {
      $0.node("Conv", ["image", "w"], "y", ["pads": .integers([1 << 60, 0, 0, 0])])
    },
    Fault(testDescription: "a window that does not fit", word: "window", code: .wrongShape) {
      $0.node("MaxPool", ["x"], "y", ["kernel_shape": .integers([9, 9])])
    },
    Fault(testDescription: "maps that do not fit", word: "combines", code: .wrongShape) {
      $0.node("Add", ["x", "image"], "y")
    },
    Fault(testDescription: "sides of another product", word: "makes", code: .wrongShape) {
      $0.integers("sides", [5, -1])
      $0.node("Reshape", ["x", "sides"], "y")
    },
    Fault(testDescription: "sides beyond all numbers", word: "makes", code: .wrongShape) {
      $0.integers("sides", [.max, .max, 8])
      $0.node("Reshape", ["x", "sides"], "y")
    },
    Fault(testDescription: "sides that depend on the image", word: "needs a constant") {
      $0.node("Reshape", ["x", "x"], "y")
    },
    Fault(testDescription: "an order that is none", word: "order", code: .wrongShape) {
      $0.node("Transpose", ["x"], "y", ["perm": .integers([0, 1, 1, 9])])
    },
    Fault(testDescription: "layers that are not there", word: "0 layers") {
      $0.integers("start", [.max])
      $0.integers("end", [.min])
      $0.node("Slice", ["x", "start", "end"], "y")
    },
    Fault(testDescription: "a size without end", word: "makes") {
      $0.integers("sizes", [1, 2, .max, .max])
      $0.node("Resize", ["x", "", "", "sizes"], "y")
    },
    Fault(testDescription: "a scale of nothing", word: "scale") {
      $0.floats("scales", [4], [1, 1, 0, .nan])
      $0.node("Resize", ["x", "", "scales"], "y")
    },
    Fault(testDescription: "a cubic resize", word: "cubic") {
      $0.floats("scales", [4], [1, 1, 2, 2])
      $0.node("Resize", ["x", "", "scales"], "y", ["mode": .text("cubic")])
    },
    Fault(testDescription: "a constant without end", word: "makes a tensor", code: .wrongShape) {
      $0.integers("sides", [1 << 31, 1 << 31])
      $0.node("ConstantOfShape", ["sides"], "zeros")
      $0.node("Add", ["x", "zeros"], "y")
    },
    Fault(
      testDescription: "a convolution behind a softmax", word: "no feature map"
    ) {
      $0.node("Softmax", ["x"], "z", ["axis": .integer(1)])
      $0.floats("w2", [3, 2, 4, 6], [Float](repeating: 1, count: 144))
      $0.node("Conv", ["z", "w2"], "y")
    },
    Fault(testDescription: "outputs that say nothing", word: "--scores", code: .invalidOption) {
      $0.node("Relu", ["x"], "y")
    },
  ]

  @Test("what cannot be imported is an error that names the node or tensor", arguments: faults)
  func refused(fault: Fault) throws {
    try inTemporaryFolder { folder in
      var graph = ONNXWriter()
      graph.floats("w", [2, 3, 1, 1], [1, 2, 3, 4, 5, 6])
      graph.node("Conv", ["image", "w"], "x")
      fault.spoil(&graph)
      try write(graph.bytes(), to: folder + "/graph.onnx")
      do {
        try Importer.run(
          ImportRequest(path: folder + "/graph.onnx", output: folder + "/model.safetensors"))
        Issue.record("it was imported")
      } catch let error as ModelFileError {
        #expect(error.code == fault.code, "\(error)")
        #expect(error.description.contains(fault.word), "\(error)")
        #expect(!error.description.contains("\n"))
      }
    }
  }

  /// A graph with most of the messages that are read.
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

  @Test("a damaged file is imported or refused, and what is imported runs")
  func mutations() throws {
    try inTemporaryFolder { folder in
      let whole = Self.sample().bytes()
      var random = SplitMix64(seed: 11)
      var refused = 0
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
          refused += 1
        }
      }
      #expect(refused > 500 && refused < 1500)
    }
  }

  @Test("every way of storing numbers gives the same model", arguments: ONNXWriter.Storage.allCases)
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
