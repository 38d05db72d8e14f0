import Backbone
import Foundation
import Layers
import SSDLite
import TestSupport
import Testing

@testable import Models

@Suite("model files")
struct ModelFileTests {
  /// A small detector whose file has a few hundred kilobytes.
  static let detector = SSDLiteSpecification(
    backbone: .mobileNetV3Small, widthMultiplier: 0.05, classes: 3, inputHeight: 64,
    inputWidth: 96, padding: .same, extraChannels: [8, 8],
    priors: .tensorFlow(TensorFlowPriors(maps: 4)), boxCoder: BoxCoder(order: .yxFirst),
    scoring: .sigmoid)

  static func description(_ specification: SSDLiteSpecification = detector) -> ModelDescription {
    ModelDescription(
      name: "tiny", architecture: .detector(specification),
      labels: ["background", "cat", "dog"], normalization: .signedUnit, scoreThreshold: 0.4,
      iouThreshold: 0.6, maximumDetections: 7, provenance: "a test", license: "CC0")
  }

  static func tensors(seed: UInt64 = 1) throws -> [WritableTensor] {
    var random = SplitMix64(seed: seed)
    return try detector.graph().nodes.flatMap { node -> [WritableTensor] in
      guard let shape = node.weightShape else { return [] }
      let values = (0..<shape.reduce(1, *)).map { _ in Float.random(in: -0.3...0.3, using: &random)
      }
      return [
        WritableTensor(name: "\(node.name).weight", shape: shape, values),
        WritableTensor(
          name: "\(node.name).bias", shape: [shape[0]], Array(repeating: 0.1, count: shape[0])),
      ]
    }
  }

  @Test("a model is read back as written and runs")
  func roundTrip() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/tiny.safetensors"
      let model = try ModelFile.write(to: path, Self.description(), tensors: Self.tensors())
      #expect(model.description == Self.description())
      #expect(model.byteCount > 0)
      let detector = try model.makeDetector()
      #expect((detector.inputWidth, detector.inputHeight) == (96, 64))
      #expect(detector.classes == 3)
      let worker = detector.makeWorker(
        options: DetectionOptions(scoreThreshold: 0, iouThreshold: 0.6))
      let pixels = [UInt8](repeating: 99, count: 64 * 96 * 3)
      #expect(!worker.detect(rgb: pixels.span).isEmpty)
      #expect(code { _ = try model.makeClassifier() } == .invalidOption)
      #expect(try Verifier(model).selfCheck().allSatisfy { $0.notFinite == 0 })
    }
  }

  @Test("a model's hash is what sha256sum prints for its file")
  func hash() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/tiny.safetensors"
      let model = try ModelFile.write(to: path, Self.description(), tensors: Self.tensors())
      let (process, pipe) = (Process(), Pipe())
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["sha256sum", path]
      process.standardOutput = pipe
      try process.run()
      let printed = try #require(try pipe.fileHandleForReading.readToEnd())
      process.waitUntilExit()
      #expect(model.sha256() == String(decoding: printed.prefix(64), as: UTF8.self))
    }
  }

  @Test("integer ranges are stored by node, and a model without them does not run in integers")
  func quantization() throws {
    let graph = try Self.detector.graph()
    var description = Self.description()
    description.quantization = Quantization(
      activations: Dictionary(
        uniqueKeysWithValues: graph.quantizedNodes.map {
          (graph.nodes[$0].name, ActivationRange(minimum: -2, maximum: 3))
        }))
    let tensors = try Self.tensors()
    try inTemporaryFolder { folder in
      let plain = try ModelFile.write(
        to: folder + "/plain", Self.description(), tensors: tensors)
      #expect(code { _ = try plain.makeDetector(precision: .int8) } == .invalidOption)
      let model = try ModelFile.write(to: folder + "/ranges", description, tensors: tensors)
      #expect(model.description == description)
      let pixels = [UInt8](repeating: 99, count: 64 * 96 * 3)
      let options = DetectionOptions(scoreThreshold: 0, iouThreshold: 0.6)
      func detect(_ precision: Precision) throws -> [Detection] {
        try model.makeDetector(precision: precision).makeWorker(options: options)
          .detect(rgb: pixels.span)
      }
      #expect(try detect(.int8) != detect(.fp32))
      description.quantization?.activations["backbone.features.0.0.0"] = nil
      #expect(
        code { try ModelFile.write(to: folder + "/b", description, tensors: tensors) }
          == .invalidDescription)
    }
  }

  @Test("a model passes verification against itself, and fails against another one")
  func verification() throws {
    try inTemporaryFolder { folder in
      let model = try ModelFile.write(
        to: folder + "/a.safetensors", Self.description(), tensors: Self.tensors())
      let other = try ModelFile.write(
        to: folder + "/b.safetensors", Self.description(), tensors: Self.tensors(seed: 2))
      // With another size than the model's, to check that the network is built for the input.
      let (height, width) = (80, 112)
      let network = try model.makeNetwork(keepsTaps: true, height: height, width: width)
      let session = network.makeSession()
      session.withInput { span in for index in span.indices { span[index] = Float(index % 7) - 3 } }
      session.run()
      let channels = (0..<3).flatMap { channel in
        (0..<height * width).map { Float(($0 * 3 + channel) % 7) - 3 }
      }
      let output = try #require(network.graph.outputs.first { $0.name == "cls_logits" })
      let logits = session.withOutput("cls_logits") { span in span.indices.map { span[$0] } }
      let feature = try #require(network.graph.taps["backbone.features.1"])
      let map = try #require(session.tap("backbone.features.1"))
      let io = folder + "/io.safetensors"
      try SafetensorsFile.write(
        to: io,
        tensors: [
          WritableTensor(name: "input", shape: [1, 3, height, width], channels),
          WritableTensor(name: "cls_logits", shape: [1, output.rows, output.columns], logits),
          WritableTensor(
            name: "feat.backbone.features.1",
            shape: [1, feature.shape.channels, feature.shape.height, feature.shape.width], map),
          WritableTensor(name: "feat.nothing", shape: [1], [1]),
          WritableTensor(name: "det1.boxes", shape: [1, 4], [0, 0, 1, 1]),
          WritableTensor(name: "image2_input", shape: [1, 3, height, width], channels),
        ])
      let good = try Verifier(model).compare(with: io)
      #expect(good.passed)
      #expect(good.comparisons.map(\.name) == ["cls_logits", "feat.backbone.features.1"])
      #expect(good.skipped.map(\.name) == ["det1.boxes", "feat.nothing", "image2_input"])
      let bad = try Verifier(other).compare(with: io)
      #expect(!bad.passed)
      for comparison in bad.comparisons {
        let index = try #require(comparison.index)
        #expect(comparison.largestDifference > 2e-4 && comparison.outside > 0)
        #expect(zip(index, comparison.shape).allSatisfy { $0 < $1 })
        #expect((comparison.found - comparison.expected).magnitude == comparison.largestDifference)
      }
      try SafetensorsFile.write(
        to: io, tensors: [WritableTensor(name: "feat.nothing", shape: [1], [1])])
      #expect(try !Verifier(model).compare(with: io).passed)
    }
  }

  @Test("an invalid description is rejected before anything is built")
  func descriptions() throws {
    let changes: [(String, String, ModelFileError.Code)] = [
      (#""format":1"#, #""format":2"#, .unsupportedVersion),
      (#""format":1,"#, "", .invalidDescription),
      (#""kind":"detector""#, #""kind":"oracle""#, .invalidDescription),
      (#""backbone":"mobilenet_v3_small""#, #""backbone":"resnet""#, .invalidDescription),
      (#""backbone":"mobilenet_v3_small""#, #""backbone":"squeezenet1_1""#, .invalidDescription),
      (#""input_height":64"#, #""input_height":31"#, .invalidDescription),
      (#""input_height":64"#, #""input_height":9223372036854775807"#, .invalidDescription),
      (#""input_height":64"#, #""input_height":-64"#, .invalidDescription),
      (#""width_multiplier":0.05"#, #""width_multiplier":1e300"#, .invalidDescription),
      (#""classes":3"#, #""classes":4"#, .invalidDescription),
      (#""classes":3"#, #""classes":1000000000"#, .invalidDescription),
      (#""extra_channels":[8,8]"#, #""extra_channels":[8]"#, .invalidDescription),
      (#""extra_channels":[8,8]"#, #""extra_channels":[8,16]"#, .wrongShape),
      (#""maps":4"#, #""maps":9223372036854775807"#, .invalidDescription),
      (#""labels":["background","cat","dog"]"#, #""labels":["cat"]"#, .invalidDescription),
      (#""dog""#, #""d\u001b[31mog""#, .invalidDescription),
      (#""mean":[127.5,127.5,127.5]"#, #""mean":[127.5]"#, .invalidDescription),
      (#""score_threshold":0.4"#, #""score_threshold":2"#, .invalidDescription),
      (#""maximum_detections":7"#, #""maximum_detections":0"#, .invalidDescription),
      (#""order":"yxhw""#, #""order":"zz""#, .invalidDescription),
      ("{", String(repeating: "[", count: 100_000), .invalidDescription),
    ]
    let json = try Self.description().json(path: "")
    let tensors = try Self.tensors()
    try inTemporaryFolder { folder in
      let path = folder + "/a"
      for (old, new, expected) in changes {
        let changed = json.replacing(old, with: new, maxReplacements: 1)
        #expect(changed != json, "\(old) is not in \(json)")
        try SafetensorsFile.write(
          to: path, tensors: tensors, metadata: ["stream_detect": changed])
        #expect(code { _ = try ModelFile(path: path) } == expected, "\(old) -> \(new.prefix(60))")
      }
      try SafetensorsFile.write(to: path, tensors: tensors)
      #expect(code { _ = try ModelFile(path: path) } == .notAModel)
      try write([0x50, 0x4B, 3, 4, 0], to: path)
      #expect(code { _ = try ModelFile(path: path) } == .notAModel)
    }
  }

  @Test("a file whose tensors do not match the network is rejected")
  func invalidTensors() throws {
    let json = ["stream_detect": try Self.description().json(path: "")]
    let tensors = try Self.tensors()
    let first = tensors[0]
    let count = first.shape.reduce(1, *)
    func replacing(_ tensor: WritableTensor) -> [WritableTensor] { [tensor] + tensors.dropFirst() }
    let zeros = [UInt8](repeating: 0, count: count * 4)
    let cases: [([WritableTensor], ModelFileError.Code)] = [
      (Array(tensors.dropFirst()), .missingTensor),
      (tensors + [WritableTensor(name: "more", shape: [1], [1])], .unknownTensor),
      (
        replacing(
          WritableTensor(name: first.name, shape: [count], Array(repeating: 0, count: count))),
        .wrongShape
      ),
      (
        replacing(WritableTensor(name: first.name, type: .int32, shape: first.shape, bytes: zeros)),
        .wrongShape
      ),
      (
        replacing(
          WritableTensor(
            name: first.name, shape: first.shape,
            Array(repeating: 0, count: count - 1) + [.infinity])), .notFinite
      ),
      (
        replacing(
          WritableTensor(
            name: first.name, type: .float16, shape: first.shape,
            bytes: Array(repeating: 0x7E, count: count * 2))), .notFinite
      ),
    ]
    try inTemporaryFolder { folder in
      for (tensors, expected) in cases {
        try SafetensorsFile.write(to: folder + "/a", tensors: tensors, metadata: json)
        #expect(code { _ = try ModelFile(path: folder + "/a") } == expected)
      }
    }
  }

  @Test("a damaged description is rejected or read, and never traps", arguments: 0..<4)
  func mutations(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let graph = ModelDescription(
      name: "graph", architecture: .graph(DocumentationTests.graph),
      labels: ["background", "a", "b", "c"], normalization: .signedUnit)
    let documents = try [Self.description(), graph].map { [UInt8](try $0.json(path: "").utf8) }
    for round in 0..<1000 {
      let text = String(decoding: mutated(documents[round % 2], using: &random), as: UTF8.self)
      guard let description = try? ModelDescription(json: text, path: "") else { continue }
      #expect(description.fault() == nil)
      _ = try description.json(path: "")
    }
  }

  @Test("models are found by path and by name, and an unknown name lists the known ones")
  func directory() throws {
    try inTemporaryFolder { folder in
      for name in ["b", "a"] { try write([1], to: "\(folder)/\(name).safetensors") }
      try write([1], to: folder + "/notes.txt")
      let directory = ModelDirectory(environment: ["STREAM_DETECT_MODELS": folder, "HOME": "/h"])
      #expect(directory.list().map(\.name) == ["a", "b"])
      #expect(try directory.find("b") == folder + "/b.safetensors")
      #expect(try directory.find("b.safetensors") == folder + "/b.safetensors")
      #expect(try directory.find(folder + "/notes.txt") == folder + "/notes.txt")
      do throws(ModelFileError) {
        _ = try directory.find("c")
        Issue.record("found a model that does not exist")
      } catch {
        #expect(error.code == .notFound && error.remedy.contains("a, b"))
      }
    }
    #expect(ModelDirectory(environment: ["XDG_DATA_HOME": "/d"]).path == "/d/stream-detect/models")
    #expect(
      ModelDirectory(environment: ["XDG_DATA_HOME": "d", "HOME": "/h"]).path
        == "/h/.local/share/stream-detect/models")
    #expect(ModelDirectory(path: "/nowhere").list().isEmpty)
  }
}
