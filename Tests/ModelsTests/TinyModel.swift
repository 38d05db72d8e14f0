import Backbone
import Foundation
import Layers
import TestSupport

@testable import Models

/// A small network with seeded weights, in the usual file formats.
struct TinyModel {
  let specification = ClassifierSpecification(
    backbone: .mobileNetV2, widthMultiplier: 0.1, classes: 4, inputHeight: 224, inputWidth: 224)
  /// Tensors of a torchvision state dictionary, with separate batch norms.
  var state: [(name: String, shape: [Int], values: [Float])] = []
  /// Weights and biases with batch norm folded in, independently of the importer.
  var folded: [String: [Float]] = [:]

  init(seed: UInt64 = 1) throws {
    var random = SplitMix64(seed: seed)
    func numbers(_ count: Int, _ range: ClosedRange<Float>) -> [Float] {
      (0..<count).map { _ in Float.random(in: range, using: &random) }
    }
    for node in try specification.graph().nodes {
      guard let shape = node.weightShape else { continue }
      let isLast = node.name == "classifier.1"
      let weight = numbers(shape.reduce(1, *), -0.5...0.5)
      state.append(("\(node.name).weight", isLast ? Array(shape[..<2]) : shape, weight))
      if isLast {
        let bias = numbers(shape[0], -1...1)
        state.append(("\(node.name).bias", [shape[0]], bias))
        folded["\(node.name).weight"] = weight
        folded["\(node.name).bias"] = bias
        continue
      }
      let parts = node.name.split(separator: ".")
      let norm = parts.dropLast().joined(separator: ".") + ".\((Int(parts.last ?? "") ?? 0) + 1)"
      let gamma = numbers(shape[0], 0.5...1.5)
      let beta = numbers(shape[0], -0.5...0.5)
      let mean = numbers(shape[0], -0.5...0.5)
      let variance = numbers(shape[0], 0.5...1.5)
      state.append(("\(norm).weight", [shape[0]], gamma))
      state.append(("\(norm).bias", [shape[0]], beta))
      state.append(("\(norm).running_mean", [shape[0]], mean))
      state.append(("\(norm).running_var", [shape[0]], variance))
      let factors = zip(gamma, variance).map { Double($0) / (Double($1) + 1e-5).squareRoot() }
      let perChannel = weight.count / shape[0]
      folded["\(node.name).weight"] = weight.indices.map {
        Float(Double(weight[$0]) * factors[$0 / perChannel])
      }
      folded["\(node.name).bias"] = (0..<shape[0]).map {
        Float(Double(beta[$0]) - Double(mean[$0]) * factors[$0])
      }
    }
  }

  /// Writes the state as a safetensors file, with `prefix` before each name.
  func writeSafetensors(
    _ path: String, prefix: String = "", adding extra: [WritableTensor] = [],
    without missing: String? = nil
  ) throws {
    let tensors = state.filter { $0.name != missing }.map {
      WritableTensor(name: prefix + $0.name, shape: $0.shape, $0.values)
    }
    let tracked = WritableTensor(
      name: prefix + "features.0.1.num_batches_tracked", type: .int64, shape: [],
      bytes: [UInt8](repeating: 0, count: 8))
    try SafetensorsFile.write(to: path, tensors: tensors + [tracked] + extra)
  }

  /// The state as a checkpoint.
  var checkpoint: CheckpointWriter {
    CheckpointWriter(tensors: state.map { CheckpointWriter.Tensor($0.name, $0.shape, $0.values) })
  }
}

/// Lends a new folder and removes it afterwards.
func inTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

/// Writes `bytes` to `path`.
func write(_ bytes: [UInt8], to path: String) throws {
  try Data(bytes).write(to: URL(filePath: path))
}

/// The error code that `body` throws, or `nil` if it succeeds.
func code(_ body: () throws -> Void) -> ModelFileError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? ModelFileError)?.code
  }
}
