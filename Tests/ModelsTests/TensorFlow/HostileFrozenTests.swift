import Layers
import TestSupport
import Testing

@testable import ModelImport
@testable import Models

/// Frozen graphs that cannot be imported, and bytes that are no graphs.
@Suite struct HostileFrozenTests {
  /// What is wrong with a graph, and a text that the error must contain.
  struct Fault: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var mention: String
    var code = ModelFileError.Code.unknownLayer
    var spoil: @Sendable (inout FrozenWriter) -> Void
  }

  static let faults: [Fault] = [
    Fault(testDescription: "an unknown operator", mention: "node y (Einsum)") {
      $0.node("Einsum", "y", ["x"])
    },
    Fault(testDescription: "a name that no node has", mention: "reads nowhere", code: .damaged) {
      $0.node("Add", "y", ["x", "nowhere"])
    },
    Fault(testDescription: "a loop", mention: "depends on itself", code: .damaged) {
      $0.node("Add", "a", ["x", "b"])
      $0.node("Relu", "b", ["a"])
      $0.node("Relu", "y", ["b"])
    },
    Fault(testDescription: "two nodes of one name", mention: "called x", code: .damaged) {
      $0.node("Relu", "x", ["image"])
    },
    Fault(testDescription: "two images", mention: "2 inputs", code: .invalidOption) {
      $0.node("Placeholder", "second", [], ["shape": .shape([1, 4, 6, 3])])
      $0.node("Add", "y", ["x", "second"])
    },
    Fault(testDescription: "no image", mention: "0 inputs", code: .invalidOption) {
      $0.constant("c", [1], [1])
      $0.node("Relu", "y", ["c"])
      $0.node("Relu", "unused", ["x"])
    },
    Fault(
      testDescription: "four channels", mention: "node other (Placeholder)", code: .invalidOption
    ) {
      $0.node("Placeholder", "other", [], ["shape": .shape([1, 4, 6, 4])])
      $0.node("Relu", "y", ["other"])
    },
    Fault(testDescription: "an open size", mention: "--size", code: .invalidOption) {
      $0.node("Placeholder", "other", [], ["shape": .shape([1, -1, -1, 3])])
      $0.node("Relu", "y", ["other"])
    },
    Fault(testDescription: "a huge image", mention: "4096", code: .invalidOption) {
      $0.node("Placeholder", "other", [], ["shape": .shape([1, 1 << 40, 6, 3])])
      $0.node("Relu", "y", ["other"])
    },
    Fault(testDescription: "a loop that changes pixels", mention: "node turned (ReverseV2)") {
      $0.node("ReverseV2", "turned", ["image"])
      $0.node("TensorArrayGatherV3", "images", ["turned"])
      $0.node("Relu", "y", ["images"])
    },
    Fault(testDescription: "a loop without a size", mention: "fixed size", code: .invalidOption) {
      $0.node("TensorArrayGatherV3", "images", ["image"])
      $0.node("Relu", "y", ["images"])
    },
    Fault(testDescription: "weights for other channels", mention: "the node y", code: .wrongShape) {
      $0.constant("w2", [1, 1, 5, 2], [Float](repeating: 1, count: 10))
      $0.node("Conv2D", "y", ["x", "w2"], window)
    },
    Fault(testDescription: "channels first", mention: "NCHW") {
      $0.node(
        "Conv2D", "y", ["x", "w"], window.merging(["data_format": .text("NCHW")]) { $1 })
    },
    Fault(testDescription: "weights of text", mention: "node w2 (Const)", code: .damaged) {
      $0.node("Const", "w2", [], ["value": .message { $0.message(8) { $0.varint(1, 7) } }])
      $0.node("BiasAdd", "y", ["x", "w2"])
    },
    Fault(testDescription: "too many numbers", mention: "too many", code: .damaged) {
      $0.constant("w2", [2], [1, 2, 3])
      $0.node("BiasAdd", "y", ["x", "w2"])
    },
    Fault(testDescription: "a huge constant", mention: "node w2 (Const)", code: .damaged) {
      $0.constant("w2", [1 << 40, 1 << 40], [1])
      $0.node("BiasAdd", "y", ["x", "w2"])
    },
    Fault(testDescription: "many large constants", mention: "numbers", code: .tooLarge) {
      for name in ["a", "b", "c"] { $0.constant(name, [1 << 25], [1]) }
      $0.node("ConcatV2", "y", ["a", "b", "c", "x"])
    },
    Fault(testDescription: "a long axis", mention: "(ConcatV2)") {
      $0.integers("axes", [Int](repeating: 1, count: 100))
      $0.node("ConcatV2", "y", ["x", "x", "axes"])
    },
    Fault(testDescription: "an endless range", mention: "too many", code: .tooLarge) {
      for (name, value) in [("a", 0), ("b", 1), ("c", 0)] {
        $0.node("Const", name, [], ["value": .int32s(shape: [], [value])])
      }
      $0.node("Range", "r", ["a", "b", "c"])
      $0.node("Reshape", "y", ["x", "r"])
    },
    Fault(testDescription: "a huge tile", mention: "(Tile)", code: .tooLarge) {
      $0.constant("a", [2, 2], [1])
      $0.integers("times", [1 << 22, 1 << 22])
      $0.node("Tile", "t", ["a", "times"])
      $0.node("Add", "y", ["x", "t"])
    },
    Fault(testDescription: "normalised by its own batch", mention: "as in training") {
      $0.constant("c", [2], [1])
      $0.node("FusedBatchNorm", "y", ["x", "c", "c", "c", "c"], ["is_training": .bool(true)])
    },
    Fault(testDescription: "a batch norm without its variance", mention: "lacks", code: .damaged) {
      $0.constant("c", [2], [1])
      $0.node("FusedBatchNorm", "y", ["x", "c", "c"], ["is_training": .bool(false)])
    },
    Fault(testDescription: "a removed axis before the first", mention: "node y") {
      $0.integers("begin", [Int(Int32.max)])
      $0.integers("step", [1])
      $0.node(
        "StridedSlice", "y", ["x", "begin", "begin", "step"],
        ["shrink_axis_mask": .integer(.max)])
    },
    Fault(testDescription: "results by the ten thousands", mention: "numbers", code: .tooLarge) {
      $0.constant("c", [1000], [1])
      for unpack in 0..<70 { $0.node("Unpack", "u\(unpack)", ["c"]) }
      let parts = (0..<70).flatMap { unpack in (1..<1000).map { "u\(unpack):\($0)" } }
      $0.node("Pack", "p", parts)
      $0.node("Add", "y", ["x", "p"])
    },
    Fault(testDescription: "an axis out of range", mention: "unpacks", code: .wrongShape) {
      $0.node("Unpack", "u", ["x"], ["axis": .integer(.min)])
      $0.node("Relu", "y", ["u"])
    },
  ]

  static var window: [String: FrozenWriter.Attribute] {
    ["padding": .text("SAME"), "strides": .integers([1, 1, 1, 1])]
  }

  /// An image and a convolution `x` of it.
  static func beginning() -> FrozenWriter {
    var graph = FrozenWriter()
    graph.node("Placeholder", "image", [], ["shape": .shape([1, 4, 6, 3]), "dtype": .type(1)])
    graph.constant("w", [1, 1, 3, 2], [1, 2, 3, 4, 5, 6])
    graph.node("Conv2D", "x", ["image:0", "w", "^w"], window)
    return graph
  }

  @Test(
    "a graph that cannot be imported gives an error that names the node or the option",
    arguments: faults)
  func rejected(fault: Fault) throws {
    try inTemporaryFolder { folder in
      var graph = Self.beginning()
      fault.spoil(&graph)
      try write(graph.bytes, to: folder + "/graph.pb")
      var request = ImportRequest(
        path: folder + "/graph.pb", output: folder + "/model.safetensors")
      request.scores = "y"
      do {
        try Importer.run(request)
        Issue.record("the graph was imported")
      } catch let error as ModelFileError {
        #expect(error.code == fault.code, "\(error)")
        #expect("\(error)".lowercased().contains(fault.mention.lowercased()), "\(error)")
        #expect(error.path == folder + "/graph.pb")
      }
    }
  }

  @Test("a chain of nodes is followed without recursion")
  func chain() throws {
    try inTemporaryFolder { folder in
      var graph = Self.beginning()
      for index in 0..<15_000 {
        graph.node("Identity", "n\(index)", [index == 0 ? "x" : "n\(index - 1)"])
      }
      try write(graph.bytes, to: folder + "/graph.pb")
      var request = ImportRequest(
        path: folder + "/graph.pb", output: folder + "/model.safetensors")
      request.scores = "n14999"
      // A map is no list of scores, but the graph was read.
      #expect {
        try Importer.run(request)
      } throws: {
        ($0 as? ModelFileError)?.code == .invalidOption
      }
    }
  }

  @Test("a damaged file is an error, never a crash", arguments: FrozenGolden.names)
  func mutations(name: String) throws {
    let bytes = try FrozenGolden.model(name)
    try inTemporaryFolder { folder in
      for seed in 0..<60 as Range<UInt64> {
        var random = SplitMix64(seed: seed)
        try write(mutated(bytes, using: &random), to: folder + "/graph.pb")
        var request = ImportRequest(path: folder + "/graph.pb", output: folder + "/a.safetensors")
        if name == "classifier" { request.inputSize = (16, 18) }
        do {
          // Half of the damage lies in weights, whose values don't matter.
          _ = try Importer.run(request)
        } catch let error as ModelFileError {
          #expect(!error.message.isEmpty, "seed \(seed)")
        }
      }
    }
  }
}
