import Foundation
import Layers
import TestSupport

@testable import ModelImport
@testable import Models

/// Small TensorFlow Lite files with LiteRT's results, written by `scripts/make-tflite-golden.py`.
enum TFLiteGolden {
  static let file: SafetensorsFile = {
    do {
      return try SafetensorsFile(
        path: checkout.appending(path: "Tests/Golden/tflite.safetensors").path)
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  static let names = file.names.filter { $0.hasSuffix(".model") }
    .map { String($0.dropLast(".model".count)) }

  static func model(_ name: String) throws -> [UInt8] {
    try file.floats("\(name).model").map { UInt8($0) }
  }

  /// The steps of the results of a quantised network, by their names.
  static func steps(_ name: String) throws -> [String: Float] {
    let prefix = "\(name).step."
    var steps: [String: Float] = [:]
    for key in file.names where key.hasPrefix(prefix) {
      steps[String(key.dropFirst(prefix.count))] = try file.floats(key)[0]
    }
    return steps
  }

  /// The image as the network's input; `normalization` is for quantised networks, whose image is
  /// bytes.
  static func image(_ name: String, _ normalization: Normalization) throws -> [Float] {
    let image = try file.floats("\(name).input")
    guard try !steps(name).isEmpty else { return image }
    return image.indices.map {
      (image[$0] - normalization.mean[$0 % 3]) * normalization.scale[$0 % 3]
    }
  }

  /// Imports a golden file into `folder`.
  static func imported(_ name: String, in folder: String) throws -> ModelFile {
    try write(model(name), to: folder + "/\(name).tflite")
    return try Importer.run(
      ImportRequest(
        path: folder + "/\(name).tflite", output: folder + "/\(name).safetensors"))
  }
}
