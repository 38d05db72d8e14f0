import Layers
import TestSupport
import Testing

@testable import ModelImport
@testable import Models

/// Calibrating networks that bring steps of their own.
@Suite struct TFLiteCalibrationTests {
  @Test(
    "a calibrated file keeps the steps of its weights, and its results",
    arguments: TFLiteGolden.names.filter { $0.hasSuffix("int8") })
  func keeps(name: String) throws {
    try inTemporaryFolder { folder in
      let model = try TFLiteGolden.imported(name, in: folder)
      let own = try #require(model.description.quantization)
      let pixels = try TFLiteGolden.file.floats("\(name).input").map { UInt8($0) }
      var calibrator = try Calibrator(model)
      try calibrator.calibrate { $0(pixels.span) }
      let calibrated = try calibrator.write(to: folder + "/calibrated.safetensors")
      let found = try #require(calibrated.description.quantization)
      #expect(found.weights == own.weights && own.weights?.isEmpty == false)
      #expect(found.activations.keys == own.activations.keys)
      #expect(found.activations != own.activations)

      let (before, after) = (try results(of: model, pixels), try results(of: calibrated, pixels))
      for (output, step) in try TFLiteGolden.steps(name) {
        let expected = try #require(before[output])
        let largest = zip(try #require(after[output]), expected).map { abs($0 - $1) }.max() ?? 0
        // Maps have other ranges now, so a few roundings differ.
        #expect(largest <= 4 * step, "\(output): \(largest / step) steps")
      }
    }
  }

  @Test("layers whose channels were evened out have no steps of their own any more")
  func equalized() throws {
    try inTemporaryFolder { folder in
      let name = "classifier_uint8"
      let model = try TFLiteGolden.imported(name, in: folder)
      let pixels = try TFLiteGolden.file.floats("\(name).input").map { UInt8($0) }
      var calibrator = try Calibrator(model)
      var options = Calibrator.Options()
      options.equalizes = true
      options.correctsBiases = true
      try calibrator.calibrate(options) { $0(pixels.span) }
      let calibrated = try calibrator.write(to: folder + "/calibrated.safetensors")
      let own = try #require(model.description.quantization?.weights)
      let kept = try #require(calibrated.description.quantization?.weights)
      #expect(calibrator.equalizedMaps > 0 && kept.count < own.count)
      for (layer, rounding) in kept {
        #expect(own[layer] == rounding)
        let shape = try #require(
          try model.description.architecture.graph().nodes.first { $0.name == layer }?.weightShape)
        let weights = "\(layer).weight"
        #expect(try calibrated.weights(weights, shape) == model.weights(weights, shape))
      }
    }
  }

  private func results(of model: ModelFile, _ pixels: [UInt8]) throws -> [String: [Float]] {
    let session = try model.makeNetwork(numerics: model.numerics(for: .int8)).makeSession()
    session.setInput(rgb: pixels.span, model.description.normalization)
    session.run()
    return Dictionary(
      uniqueKeysWithValues: session.network.outputs.map { output in
        (output.name, session.withOutput(output.name) { span in span.indices.map { span[$0] } })
      })
  }
}
