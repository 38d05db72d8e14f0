import Layers
import SSDLite
import TestSupport
import Testing

@testable import ModelImport
@testable import Models

/// The importer of TensorFlow Lite files against LiteRT.
@Suite struct TFLiteGoldenTests {
  @Test(
    "a float network matches LiteRT's results on every instruction set",
    arguments: TFLiteGolden.names)
  func matches(name: String) throws {
    try inTemporaryFolder { folder in
      try write(TFLiteGolden.model(name), to: folder + "/graph.tflite")
      let path = folder + "/graph.tflite"
      let source = try TFLiteImport(MappedFile(path: path))
      guard try TFLiteGolden.steps(name).isEmpty else { return }
      let imported = try source.convert().imported
      var kept = imported
      kept.keep(imported.outputs.map(\.name))
      let (graph, tensors) = try kept.graph.compile()
      let image = try TFLiteGolden.file.floats("\(name).input")
      for isa in InstructionSet.allCases where isa.isAvailable {
        let network = try Network(graph: graph, tensors: tensors, isa: isa) { name, _ in
          kept.numbers(name)
        }
        let session = network.makeSession()
        session.withInput { input in for index in input.indices { input[index] = image[index] } }
        session.run()
        for output in kept.outputs {
          let expected = try #require(TFLiteGolden.file.tensor("\(name).\(output.name)"))
          var found = session.withOutput(output.name) { span in span.indices.map { span[$0] } }
          if name == "detector_foreground", output.name.hasPrefix("CONCAT") {
            // The importer puts a column in front for the background.
            found = found.indices.filter { $0 % 5 != 0 }.map { found[$0] }
          }
          let difference = Difference(
            "\(isa) \(name).\(output.name) \(expected.shape)", found, expected.floats(),
            absolute: 2e-5, relative: 2e-5)
          #expect(difference.isWithin, "\(difference)")
        }
      }
    }
  }

  @Test(
    "a quantised network runs in 8 bits with its own steps, as LiteRT's reference kernels do",
    arguments: TFLiteGolden.names.filter { $0.hasSuffix("int8") })
  func quantized(name: String) throws {
    try inTemporaryFolder { folder in
      let model = try TFLiteGolden.imported(name, in: folder)
      let pixels = try TFLiteGolden.file.floats("\(name).input").map { UInt8($0) }
      let numerics = try model.numerics(for: .int8)
      for isa in InstructionSet.allCases where isa.isAvailable {
        let session = try model.makeNetwork(isa: isa, numerics: numerics).makeSession()
        session.setInput(rgb: pixels.span, model.description.normalization)
        session.run()
        for (output, step) in try TFLiteGolden.steps(name) {
          let expected = try TFLiteGolden.file.floats("\(name).\(output)")
          let found = session.withOutput(output) { span in span.indices.map { span[$0] } }
          let steps = zip(found, expected).map { abs($0 - $1) / step }
          // One step, and half a step for LiteRT's own rounding of its result.
          #expect(steps.max() ?? 9 <= 1.5, "\(isa) \(name).\(output) \(steps.max() ?? 9)")
        }
      }
    }
  }

  @Test("a file says its input, its activations and its operators' order")
  func classifier() throws {
    try inTemporaryFolder { folder in
      let model = try TFLiteGolden.imported("classifier_uint8", in: folder)
      #expect(!model.description.architecture.isDetector)
      #expect(model.description.architecture.classes == 10)
      #expect(model.classifierHead.scoreForm == .softmax)
      #expect(model.description.normalization.mean == [128, 128, 128])
      #expect(model.description.normalization.scale == [Float](repeating: 0x1p-7, count: 3))
      let activations: [Activation] = try model.description.architecture.graph().nodes.compactMap {
        switch $0.operation {
        case .convolution(_, let activation), .depthwise(_, let activation): activation
        default: nil
        }
      }
      #expect(activations.prefix(3) == [.relu6, .relu6, .none])
      let float = try TFLiteGolden.imported("classifier", in: folder)
      #expect(float.description.normalization == .signedUnit)
      #expect(float.description.quantization == nil)
    }
  }

  @Test(
    "the anchors, variances and classes of an SSD are those of its last operator",
    arguments: ["detector", "detector_uint8", "detector_foreground"])
  func detector(name: String) throws {
    try inTemporaryFolder { folder in
      let model = try TFLiteGolden.imported(name, in: folder)
      guard case .graph(let graph) = model.description.architecture,
        case .detector(let head) = graph.head
      else {
        Issue.record("not a detector")
        return
      }
      #expect(graph.classes == 5)
      #expect(head.scoreForm == .sigmoid && head.boxForm == .codes)
      #expect(head.boxCoder == BoxCoder(centerVariance: 0.1, sizeVariance: 0.2, order: .yxFirst))
      #expect(model.description.iouThreshold == 0.6)
      let anchors = try TFLiteGolden.file.floats("\(name).anchors")
      let priors = try model.weights(DetectionHead.priors, [anchors.count / 4, 4])
      #expect(priors == anchors.indices.map { anchors[$0 ^ 1] })
      _ = try model.makeDetector()
    }
  }

  @Test("names in the zip archive behind a file are its labels")
  func labels() throws {
    try inTemporaryFolder { folder in
      let names = (0..<10).map { "thing \($0)" }.joined(separator: "\n")
      let bytes = try TFLiteGolden.model("classifier") + storedZip("labels.txt", Array(names.utf8))
      try write(bytes, to: folder + "/a.tflite")
      let model = try Importer.run(
        ImportRequest(path: folder + "/a.tflite", output: folder + "/a.safetensors"))
      #expect(model.description.labels == (0..<10).map { "thing \($0)" })
    }
  }

  /// A zip archive with one member, for the end of the file "classifier".
  private func storedZip(_ name: String, _ content: [UInt8]) throws -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let start = try TFLiteGolden.model("classifier").count
    let sizes = little(0, 4) + little(content.count, 4) + little(content.count, 4)
    let names = little(name.utf8.count, 2) + little(0, 2)
    let local =
      [0x50, 0x4B, 3, 4] + little(20, 2) + little(0, 8) + sizes + names + Array(name.utf8) + content
    let entry =
      [0x50, 0x4B, 1, 2] + little(20, 2) + little(20, 2) + little(0, 8) + sizes + names
      + little(0, 10) + little(start, 4) + Array(name.utf8)
    return local + entry + [0x50, 0x4B, 5, 6] + little(0, 4) + little(1, 2) + little(1, 2)
      + little(entry.count, 4) + little(start + local.count, 4) + little(0, 2)
  }
}
