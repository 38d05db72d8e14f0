import Backbone
import Foundation
import Layers
import Models
import SSDLite
import TestSupport
import Testing
@testable import ModelImport

/// Weights of other frameworks beside the checkout, and the results of those frameworks.
@Suite("import and verify", .requires(.shared))
struct SharedModelsTests {
  struct Folder: CustomTestStringConvertible, Sendable {
    var path: String
    var architecture: ImportArchitecture
    var width = 1.0
    var classes: Int
    var compared: Int
    var testDescription: String { path }
  }

  static let folders: [Folder] = [
    Folder(path: "mobilenet_v1", architecture: .mobileNetV1, classes: 1000, compared: 5),
    Folder(path: "mobilenet_v2", architecture: .mobileNetV2, classes: 1000, compared: 6),
    Folder(
      path: "mobilenet_v2_w0.5", architecture: .mobileNetV2, width: 0.5, classes: 100, compared: 6),
    Folder(path: "mobilenet_v3_large", architecture: .mobileNetV3Large, classes: 100, compared: 6),
    Folder(path: "mobilenet_v3_small", architecture: .mobileNetV3Small, classes: 100, compared: 6),
    Folder(path: "squeezenet1_1", architecture: .squeezeNet1_1, classes: 1000, compared: 5),
    Folder(
      path: "ssdlite320_mobilenet_v3_large", architecture: .ssdlite320MobileNetV3Large, classes: 91,
      compared: 7),
    Folder(
      path: "mobilenet_v2_ssdlite300_voc", architecture: .ssdliteMobileNetV2, classes: 21,
      compared: 10),
  ]

  @Test(
    "a golden folder is imported from its tensors alone, and its results are reproduced",
    arguments: folders)
  func golden(folder: Folder) throws {
    let shared = try #require(sharedFolder).path + "/golden/" + folder.path
    try inTemporaryFolder { temporary in
      for architecture in [nil, folder.architecture] {
        var request = ImportRequest(
          path: shared + "/weights.safetensors", output: temporary + "/model.safetensors")
        request.architecture = architecture
        let model = try Importer.run(request)
        #expect(model.description.name == "model")
        #expect(model.description.architecture.classes == folder.classes)
        #expect(model.description.labels.count == folder.classes)
        let width =
          switch model.description.architecture {
          case .classifier(let specification): specification.widthMultiplier
          case .detector(let specification): specification.widthMultiplier
          case .segmenter(let specification): specification.widthMultiplier
          case .graph: 0.0
          }
        #expect(width == folder.width)
        guard architecture == nil else { continue }
        let result = try Verifier(model).compare(with: shared + "/io.safetensors")
        #expect(result.passed, "\(result.failures)")
        #expect(result.comparisons.count == folder.compared, "\(result.skipped)")
      }
    }
  }

  @Test("a torchvision checkpoint is imported without executing it")
  func checkpoint() throws {
    let shared = try #require(sharedFolder).path + "/golden/pth"
    try inTemporaryFolder { temporary in
      let model = try Importer.run(
        ImportRequest(
          path: shared + "/mobilenet_v2_w0.5_fp32.pth", output: temporary + "/a.safetensors"))
      let result = try Verifier(model).compare(with: shared + "/io.safetensors")
      #expect(result.passed, "\(result.failures)")
      #expect(result.comparisons.map(\.name) == ["mobilenet_v2_w0.5_fp32.output"])
    }
  }

  @Test("the ONNX face detectors match ONNX Runtime's outputs", arguments: ["RFB", "slim"])
  func faces(name: String) throws {
    let shared = try #require(sharedFolder).path + "/models/face_\(name.lowercased())320/"
    try inTemporaryFolder { temporary in
      let model = try Importer.run(
        ImportRequest(
          path: shared + "version-\(name)-320.onnx", output: temporary + "/face.safetensors"))
      #expect(model.description.labels == ["background", "face"])
      let scale: Float = 1 / 128
      #expect(
        model.description.normalization
          == Normalization(mean: [127, 127, 127], scale: [scale, scale, scale]))
      for isa in InstructionSet.allCases where isa.isAvailable {
        let options = VerificationOptions(absolute: 1e-5, relative: 0, isa: isa)
        let result = try Verifier(model, options: options).compare(with: shared + "io.safetensors")
        #expect(result.passed, "\(isa): \(result.failures)")
        #expect(result.comparisons.count == 4 && result.skipped.isEmpty)
      }
    }
  }

  static let voc = "/models/ssdlite_mobilenet_v2_voc20/"

  @Test(
    "the VOC detector is recognised by its names, in safetensors and in ncnn",
    arguments: ["weights.safetensors", "ncnn/mobilenetv2_ssdlite_voc.param"])
  func vocDetector(file: String) throws {
    let shared = try #require(sharedFolder).path + Self.voc
    try inTemporaryFolder { temporary in
      let model = try Importer.run(
        ImportRequest(path: shared + file, output: temporary + "/voc.safetensors"))
      let description = model.description
      guard case .detector(let specification) = description.architecture else {
        Issue.record("this is not a detector")
        return
      }
      let expected = SSDLiteSpecification(
        backbone: .mobileNetV2, classes: 21, inputHeight: 300, inputWidth: 300, padding: .same,
        priors: .caffe(.mobileNet()), scoring: .sigmoid)
      #expect(specification == expected)
      #expect(description.labels[15] == "person")
      #expect(description.normalization == .signedUnit)
      #expect(description.iouThreshold == 0.45)
      #expect(description.scoreThreshold == (file.hasPrefix("ncnn") ? 0.35 : 0.5))
      for isa in InstructionSet.allCases where isa.isAvailable {
        let verifier = Verifier(model, options: VerificationOptions(isa: isa))
        let result = try verifier.compare(with: shared + "io.safetensors")
        #expect(result.passed, "\(isa): \(result.failures)")
        #expect(result.comparisons.count == 5)
        #expect(result.skipped.isEmpty)
      }
    }
  }

  @Test("ncnn's 8-bit weights equal those of the dequantised file")
  func dequantised() throws {
    let shared = try #require(sharedFolder).path + Self.voc
    try inTemporaryFolder { temporary in
      let files = try ["weights.safetensors", "ncnn/mobilenetv2_ssdlite_voc.param"].map { name in
        let path = temporary + "/\(name.count).safetensors"
        try Importer.run(ImportRequest(path: shared + name, output: path))
        return try SafetensorsFile(path: path)
      }
      #expect(files[0].names == files[1].names)
      for name in files[0].names {
        let a = try #require(files[0].tensor(name))
        let b = try #require(files[1].tensor(name))
        #expect(a.type == b.type && a.shape == b.shape && a.floats() == b.floats(), "\(name)")
      }
    }
  }

  @Test(
    "ncnn's SqueezeNet is imported with Caffe's input, its labels and the border of its last layer")
  func squeezeNet() throws {
    let shared = try #require(sharedFolder).path + "/models/squeezenet_v1.1_imagenet/"
    try inTemporaryFolder { temporary in
      let model = try Importer.run(
        ImportRequest(
          path: shared + "squeezenet_v1.1.bin", output: temporary + "/squeezenet.safetensors"))
      #expect(model.description.labels[0] == "tench, Tinca tinca")
      #expect(model.description.normalization.order == .bgr)
      #expect(model.description.normalization.mean == [104, 117, 123])
      let specification = ClassifierSpecification(
        backbone: .squeezeNet1_1, inputHeight: 227, inputWidth: 227, classifierPadding: 1)
      #expect(model.description.architecture == .classifier(specification))
      for isa in InstructionSet.allCases where isa.isAvailable {
        try compareWithNCNN(model.makeClassifier(isa: isa), model.description.normalization, isa)
      }
    }
  }

  /// ncnn 1.0.20261020's results in FP32 (no Winograd) from the same files, before the softmax, for
  /// the image whose byte at column x, row y, channel c (red first) is (7x + 13y + 29c) mod 256.
  private static let ncnnLogits: [Int: Float] = [
    905: 24.133665, 879: 21.091095, 854: 20.825485, 915: 20.626705, 644: 20.432194,
    619: 20.036528, 0: 0.71695471, 1: 2.0527625, 500: 0.96713132, 999: 9.5538235,
  ]

  private func compareWithNCNN(
    _ network: Network, _ normalization: Normalization, _ isa: InstructionSet
  ) {
    let session = network.makeSession()
    let side = 227
    var pixels: [UInt8] = []
    for y in 0..<side {
      for x in 0..<side {
        for color in 0..<3 { pixels.append(UInt8((7 * x + 13 * y + 29 * color) % 256)) }
      }
    }
    session.setInput(rgb: pixels.span, normalization)
    session.run()
    session.withOutput("output") { logits in
      for (index, expected) in Self.ncnnLogits {
        #expect(
          abs(logits[index] - expected) <= 2e-4 + 1e-4 * abs(expected),
          "\(isa), class \(index): \(logits[index]), expected \(expected)")
      }
    }
  }
}

extension Verification {
  /// One line per tensor out of tolerance.
  var failures: [String] {
    comparisons.filter { !$0.isWithin }.map {
      "\($0.name): \($0.largestDifference) at \($0.index ?? []), \($0.found) for \($0.expected), "
        + "\($0.outside) outside \($0.mismatch ?? "")"
    }
  }
}
