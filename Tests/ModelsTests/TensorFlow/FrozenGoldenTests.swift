import Foundation
import Layers
import SSDLite
import TestSupport
import Testing

@testable import ModelImport
@testable import Models

/// The importer of frozen graphs against TensorFlow's results for the small graphs of
/// `scripts/make-tensorflow-golden.py`.
@Suite struct FrozenGoldenTests {
  @Test(
    "a network matches TensorFlow's results on every instruction set",
    arguments: ["classifier", "operators"])
  func matches(name: String) throws {
    try inTemporaryFolder { folder in
      try write(FrozenGolden.model(name), to: folder + "/graph.pb")
      let request = ImportRequest(path: folder + "/graph.pb", output: "")
      var asked = request
      if name == "classifier" { asked.inputSize = (16, 18) }
      let source = try FrozenImport(MappedFile(path: request.path))
      let (imported, _) = try source.network(source.ends(request), asked)
      var kept = imported
      kept.keep(imported.outputs.map(\.name))
      let (graph, tensors) = try kept.graph.compile()
      let image = try FrozenGolden.file.floats("\(name).input")
      for isa in InstructionSet.allCases where isa.isAvailable {
        let network = try Network(graph: graph, tensors: tensors, isa: isa) { name, _ in
          kept.numbers(name)
        }
        let session = network.makeSession()
        session.withInput { input in for index in input.indices { input[index] = image[index] } }
        session.run()
        #expect(kept.outputs.count == (name == "classifier" ? 1 : 5))
        for output in kept.outputs {
          try FrozenGolden.expect(session, output.name, name, "\(isa)")
        }
      }
    }
  }

  @Test("a detector matches TensorFlow's results", arguments: FrozenGolden.detectors)
  func detector(name: String) throws {
    try inTemporaryFolder { folder in
      let model = try FrozenGolden.imported(name, in: folder)
      let pixels = try FrozenGolden.file.floats("\(name).rgb").map { UInt8($0) }
      for isa in InstructionSet.allCases where isa.isAvailable {
        let session = try model.makeNetwork(isa: isa).makeSession()
        session.setInput(rgb: pixels.span, model.description.normalization)
        session.run()
        for output in [FrozenImport.boxes, FrozenImport.scores] {
          try FrozenGolden.expect(session, output, name, "\(isa)")
        }
      }
    }
  }

  @Test("a detector's graph says its image, anchors, variances, classes, scores and overlap")
  func description() throws {
    try inTemporaryFolder { folder in
      let model = try FrozenGolden.imported("detector", in: folder)
      let head = try head(of: model)
      #expect(head.scoreForm == .sigmoid && head.boxForm == .codes)
      #expect(head.boxCoder == BoxCoder(centerVariance: 0.1, sizeVariance: 0.2, order: .yxFirst))
      #expect(model.description.architecture.classes == 5)
      #expect(model.description.architecture.inputWidth == 24)
      #expect(model.description.iouThreshold == 0.6)
      let normalization = model.description.normalization
      #expect(normalization.mean.allSatisfy { abs($0 - 127.5) < 1e-4 })
      #expect(normalization.scale.allSatisfy { abs($0 - 1 / 127.5) < 1e-8 })
      // The scaling of the image is no operator of the model.
      let first = try model.description.architecture.graph().nodes[0]
      #expect(first.name == "FeatureExtractor/MobilenetV2" && first.output.shape.channels == 16)

      let other = try FrozenGolden.imported("detector_1x1", in: folder)
      #expect(try self.head(of: other).scoreForm == .softmax)
      #expect(other.description.iouThreshold == 0.5)
      #expect(other.description.normalization.mean == [123, 117, 104])
      #expect(other.description.normalization.scale == [0x1p-6, 0x1p-6, 0x1p-6])
    }
  }

  @Test("anchors are those that the graph computes", arguments: FrozenGolden.detectors)
  func anchors(name: String) throws {
    try inTemporaryFolder { folder in
      let model = try FrozenGolden.imported(name, in: folder)
      let expected = try FrozenGolden.file.floats("\(name).anchors")
      let found = try model.weights(DetectionHead.priors, [expected.count / 4, 4])
      // The graph computes them in single precision.
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 } && !expected.isEmpty)
      _ = try model.makeDetector()
    }
  }

  @Test("a classifier ends before its softmax, and its open size is asked for")
  func classifier() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/graph.pb"
      try write(FrozenGolden.model("classifier"), to: path)
      var request = ImportRequest(path: path, output: folder + "/model.safetensors")
      #expect {
        try Importer.run(request)
      } throws: {
        ($0 as? ModelFileError)?.remedy == "Give it with --size."
      }
      request.inputSize = (16, 18)
      let model = try Importer.run(request)
      #expect(model.classifierHead.scoreForm == .softmax)
      #expect(model.description.architecture.classes == 10)
      #expect(model.description.normalization == .signedUnit)
    }
  }

  private func head(of model: ModelFile) throws -> DetectionHead {
    guard case .graph(let graph) = model.description.architecture,
      case .detector(let head) = graph.head
    else { throw WireFault(message: "not a detector") }
    return head
  }
}

/// The golden graphs.
enum FrozenGolden {
  static let names = ["classifier", "detector", "detector_1x1", "operators"]
  static let detectors = ["detector", "detector_1x1"]

  static let file: SafetensorsFile = {
    do {
      return try SafetensorsFile(
        path: checkout.appending(path: "Tests/Golden/tensorflow.safetensors").path)
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  static func model(_ name: String) throws -> [UInt8] {
    try file.floats("\(name).model").map { UInt8($0) }
  }

  /// Imports a golden graph into `folder`.
  static func imported(_ name: String, in folder: String) throws -> ModelFile {
    try write(model(name), to: folder + "/\(name).pb")
    return try Importer.run(
      ImportRequest(path: folder + "/\(name).pb", output: folder + "/\(name).safetensors"))
  }

  static func expect(
    _ session: Session, _ output: String, _ name: String, _ comment: String
  ) throws {
    let expected = try #require(file.tensor("\(name).\(output)"))
    let found = session.withOutput(output) { span in span.indices.map { span[$0] } }
    let difference = Difference(
      "\(comment) \(name).\(output) \(expected.shape)", found, expected.floats(),
      absolute: 2e-5, relative: 2e-5)
    #expect(difference.isWithin, "\(difference)")
  }
}
