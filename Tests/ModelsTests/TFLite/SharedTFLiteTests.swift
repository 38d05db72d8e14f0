import Foundation
import Layers
import SSDLite
import TestSupport
import Testing

@testable import ModelImport
@testable import Models

/// Google's quantised files beside the checkout, and what LiteRT computes with them.
@Suite("TensorFlow Lite files of Google", .requires(.shared))
struct SharedTFLiteTests {
  /// Some of a network's raw results for the test's picture, as bytes of the file's own scale.
  struct Expected: CustomTestStringConvertible, Sendable {
    var file: String
    var output: String
    var scale: Float
    var zero: Float
    /// Distance between two of the numbers below.
    var stride: Int
    /// Taken from LiteRT 2.3.0 with its default kernels (XNNPACK, AVX-512).
    var bytes: [Float]
    /// Steps by which results may differ; LiteRT's own kernels differ by up to 3, 5 and 6.
    var tolerance: Float
    var testDescription: String { "\(file) \(output)" }
  }

  static let expected = [
    Expected(
      file: "mobilenet_v1_0.25_128_quant", output: "MobilenetV1/Logits/SpatialSqueeze1",
      scale: 0.130_832_84, zero: 96, stride: 83,
      bytes: [62, 76, 92, 74, 91, 112, 114, 102, 81, 110, 82, 115], tolerance: 1),
    Expected(
      file: "mobilenet_v2_1.0_224_quant", output: "MobilenetV2/Logits/Squeeze1",
      scale: 0.098_892_54, zero: 58, stride: 83,
      bytes: [53, 54, 83, 60, 68, 58, 86, 64, 50, 92, 87, 60], tolerance: 3),
    Expected(
      file: "coco_ssd_mobilenet_v1_1.0_quant_2018_06_29", output: "concat_1",
      scale: 0.049_736_768, zero: 223, stride: 14537,
      bytes: [111, 109, 103, 73, 145, 138, 138, 117, 131, 114, 133, 136], tolerance: 2),
    Expected(
      file: "coco_ssd_mobilenet_v1_1.0_quant_2018_06_29", output: "Squeeze",
      scale: 0.079_027_876, zero: 191, stride: 639,
      bytes: [203, 185, 205, 182, 198, 119, 213, 191, 184, 169, 165, 192], tolerance: 3),
  ]

  @Test(
    "raw results in 8 bits are those of LiteRT, but for ties",
    .requires(
      Requirement("integer-kernels", absence: "this processor has no fast byte kernels") {
        InstructionSet.best.hasIntegerKernels
      }),
    arguments: expected)
  func results(expected: Expected) throws {
    try withModel(expected.file) { model in
      let side = model.description.architecture.inputWidth
      let network = try model.makeNetwork(numerics: model.numerics(for: .int8))
      let session = network.makeSession()
      session.setInput(rgb: Self.picture(side).span, model.description.normalization)
      session.run()
      let found = session.withOutput(expected.output) { span in span.indices.map { span[$0] } }
      for (index, byte) in expected.bytes.enumerated() {
        let steps = found[index * expected.stride] / expected.scale + expected.zero
        // Half a step is LiteRT's rounding of the result itself.
        #expect(abs(steps - byte) <= expected.tolerance + 0.51, "\(index): \(steps), not \(byte)")
      }
    }
  }

  @Test("the files say their classes, inputs, scores, anchors and licence")
  func descriptions() throws {
    try withModel("coco_ssd_mobilenet_v1_1.0_quant_2018_06_29") { model in
      let description = model.description
      #expect(description.labels.count == 91)
      #expect(description.labels.prefix(2) == ["background", "person"])
      #expect(description.labels[12] == "N/A" && description.labels[90] == "toothbrush")
      #expect(description.normalization.mean == [128, 128, 128])
      #expect(description.iouThreshold == 0.6)
      #expect(description.license.hasPrefix("Apache License"))
      #expect(description.quantization != nil)
      let priors = try model.weights(DetectionHead.priors, [1917, 4])
      // TensorFlow's first anchors are centred in the first cell of 19 x 19; the file's are bytes.
      #expect(abs(priors[0] - 0.5 / 19) < 0.004)
    }
    try withModel("mobilenet_v1_0.25_128_quant") { model in
      #expect(model.description.labels.count == 1001)
      #expect(model.description.labels[282] == "tabby, tabby cat")
      #expect(model.classifierHead.scoreForm == .softmax)
      #expect(model.description.quantization != nil)
    }
  }

  private func withModel(_ name: String, _ body: (ModelFile) throws -> Void) throws {
    let shared = try #require(sharedFolder).appending(path: "models/tflite").path
    try inTemporaryFolder { folder in
      try body(
        try Importer.run(
          ImportRequest(path: "\(shared)/\(name).tflite", output: folder + "/model.safetensors")))
    }
  }

  /// A disc on stripes.
  private static func picture(_ side: Int) -> [UInt8] {
    (0..<side * side * 3).map { index in
      let (y, x, colour) = (index / 3 / side, index / 3 % side, index % 3)
      let (down, across) = (2 * y - side, 2 * x - side)
      return down * down + across * across < side * side / 3
        ? UInt8(200 - 40 * colour) : UInt8((x * 5 + y * 3 + colour * 60) % 256)
    }
  }
}
