public import Foundation
internal import Layers
internal import ModelImport
internal import Models

extension StoredModel {
  /// Makes a model file from weights of another framework; nothing in their file is executed.
  ///
  ///     let model = try StoredModel.importing(checkpoint, to: URL(filePath: "birds.safetensors"))
  ///     let detector = try Detector(model)
  ///
  /// - Parameters:
  ///   - weights: A PyTorch checkpoint, a `.safetensors` file, ncnn's `.param` beside its `.bin`,
  ///     an ONNX graph, a `.tflite` file or a frozen TensorFlow graph (`.pb`) of a MobileNet,
  ///     SqueezeNet or SSDLite network.
  ///   - url: The model file to write.
  ///   - options: What the file of weights does not contain.
  /// - Returns: The model, opened and checked.
  /// - Throws: ``StreamDetectError/model(_:)``, which names the faulty tensor or layer, and
  ///   ``StreamDetectError/options(_:)``.
  public static func importing(
    _ weights: URL, to url: URL, options: ImportOptions = ImportOptions()
  ) throws(StreamDetectError) -> StoredModel {
    let request = try options.request(from: weights.path, to: url.path)
    return try modelErrors(of: weights.path) { StoredModel(try Importer.run(request)) }
  }

  /// Writes the model with its weights also packed for this machine's processor.
  ///
  /// Processes then share their memory, and start a few milliseconds sooner in bfloat16 and 8-bit
  /// integers.
  ///
  /// - Parameters:
  ///   - precisions: The precisions to pack for.
  ///   - url: The model file to write.
  /// - Returns: The new model, opened and checked.
  /// - Throws: ``StreamDetectError/model(_:)`` if the model was never calibrated for a precision,
  ///   or the file cannot be written.
  public func packed(
    for precisions: [ComputePrecision] = [.fp32], to url: URL
  ) throws(StreamDetectError) -> StoredModel {
    try modelErrors(of: path) {
      StoredModel(try file.write(to: url.path, packedFor: precisions.map(\.precision)))
    }
  }

  /// Compares what the model computes with what a reference computed, or runs it once on random
  /// pixels and checks that all outputs are finite.
  ///
  /// - Parameter reference: A `.safetensors` file with inputs (`input`, `NAME.rgb`) and the
  ///   reference's results (`output`, `cls_logits`, `bbox_regression`, `feat.MODULE`).
  /// - Returns: What was compared, and the differences.
  /// - Throws: ``StreamDetectError/model(_:)`` if a file cannot be read.
  public func verified(against reference: URL? = nil) throws(StreamDetectError) -> ModelCheck {
    try modelErrors(of: path) {
      let verifier = Verifier(file, options: VerificationOptions())
      guard let reference else {
        return ModelCheck(
          isPassed: try verifier.selfCheck().allSatisfy { $0.notFinite == 0 }, differences: [:])
      }
      let result = try verifier.compare(with: reference.path)
      return ModelCheck(
        isPassed: result.passed,
        differences: Dictionary(
          result.comparisons.map { ($0.name, Double($0.largestDifference)) }
        ) { max($0, $1) })
    }
  }
}

/// What ``StoredModel/verified(against:)`` found.
public struct ModelCheck: Hashable, Sendable {
  /// Whether all outputs are finite and, with a reference, at least one tensor was compared and
  /// every value is within the tolerance for FP32.
  public let isPassed: Bool
  /// The largest difference in each tensor that was compared; empty without a reference.
  public let differences: [String: Double]
}
