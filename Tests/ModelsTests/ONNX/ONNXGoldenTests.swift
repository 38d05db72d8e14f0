import Foundation
import Layers
import TestSupport
import Testing

@testable import Models
@testable import ModelImport

/// Small graphs with ONNX Runtime's results, made by `scripts/make-onnx-golden.py`.
@Suite struct ONNXGoldenTests {
  static let golden: SafetensorsFile = {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/onnx.safetensors").path
    do {
      return try SafetensorsFile(path: path)
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  static let names = golden.names.filter { $0.hasSuffix(".model") }
    .map { String($0.dropLast(".model".count)) }

  @Test(
    "a graph of each kind of operators gives ONNX Runtime's numbers, on every instruction set",
    arguments: names)
  func matches(name: String) throws {
    let bytes = try Self.golden.floats("\(name).model").map { UInt8($0) }
    let image = try Self.golden.floats("\(name).input")
    try inTemporaryFolder { folder in
      try write(bytes, to: folder + "/graph.onnx")
      let imported = try convert(folder + "/graph.onnx")
      let (graph, tensors) = try imported.graph.compile()
      for isa in InstructionSet.allCases where isa.isAvailable {
        let network = try Network(graph: graph, tensors: tensors, isa: isa) { name, _ in
          imported.numbers(name)
        }
        let session = network.makeSession()
        // Twice: a run must not depend on what the one before left in memory.
        for _ in 0..<2 {
          session.withInput { input in
            for index in input.indices {
              input[index] = image[index % 3 * (input.count / 3) + index / 3]
            }
          }
          session.run()
        }
        for output in imported.outputs {
          let expected = try #require(Self.golden.tensor("\(name).\(output.name)"))
          #expect(network.outputs.contains { $0.name == output.name && $0.shape == expected.shape })
          let found = session.withOutput(output.name) { span in span.indices.map { span[$0] } }
          let difference = Difference(
            "\(isa) \(name).\(output.name) \(expected.shape)", found, expected.floats(),
            absolute: 2e-5, relative: 2e-5)
          #expect(difference.isWithin, "\(difference)")
        }
      }
    }
  }

  @Test("activations, batch norms and borders end up in the convolutions before them")
  func fusion() throws {
    try inTemporaryFolder { folder in
      func operators(_ name: String) throws -> [Operator] {
        let bytes = try Self.golden.floats("\(name).model").map { UInt8($0) }
        try write(bytes, to: folder + "/graph.onnx")
        var imported = try convert(folder + "/graph.onnx")
        imported.keep(imported.outputs.map(\.name))
        return imported.graph.nodes.map(\.operation)
      }
      func activations(_ operators: [Operator]) -> [Activation] {
        operators.compactMap { if case .convolution(let it) = $0 { it.activation } else { nil } }
      }
      // Squeeze-and-excitation with every function spelled out: nothing is left but layers.
      let swish = try operators("spelled_swish")
      #expect(swish.count == 6)
      #expect(activations(swish) == [.hardSwish, .relu, .hardSigmoid, .none])
      #expect(swish[1] == .globalAverage && swish[4] == .multiply)
      let old = try operators("pads_old")
      #expect(old.count == 3, "the border is not square, so it stays")
      let turned = try operators("views")
      #expect(turned.count { if case .transpose = $0 { true } else { false } } == 1)
    }
  }

  private func convert(_ path: String) throws -> ImportedGraph {
    var imported = try ONNXImport(
      MappedFile(path: path), ImportRequest(path: path, output: "")
    ).run()
    imported.keep(imported.outputs.map(\.name))
    return imported
  }
}
