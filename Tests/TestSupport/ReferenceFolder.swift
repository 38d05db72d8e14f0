public import Foundation
public import Layers

/// A folder of reference data: a network's weights, its inputs and its results.
public struct ReferenceFolder: Sendable {
  /// Weights under the reference implementation's names.
  public let weights: SafetensorsFile
  /// Inputs, feature maps and outputs.
  public let io: SafetensorsFile

  /// Opens `../shared/golden/NAME`.
  public init(_ name: String) throws {
    let folder = try referenceFolder(name)
    weights = try SafetensorsFile(path: folder.appending(path: "weights.safetensors").path)
    io = try SafetensorsFile(path: folder.appending(path: "io.safetensors").path)
  }

  /// The elements of a tensor of ``io``.
  public func floats(_ name: String) throws -> [Float] { try io.floats(name) }
}

/// Reference data that a test needs but that does not exist.
public struct MissingReference: Error, CustomStringConvertible {
  /// What is missing.
  public let description: String
}

/// The folder `../shared/golden/NAME`.
public func referenceFolder(_ name: String) throws -> URL {
  guard let sharedFolder else { throw MissingReference(description: "no ../shared") }
  return sharedFolder.appending(path: "golden/\(name)")
}

extension SafetensorsFile {
  /// The elements of a tensor, which must exist.
  public func floats(_ name: String) throws -> [Float] {
    guard let tensor = tensor(name) else {
      throw MissingReference(description: "no tensor \(name) in \(path)")
    }
    return tensor.floats()
  }
}

/// A torchvision file's weights as the engine needs them, with the batch norms folded in.
public struct FoldedWeights: Sendable {
  let file: SafetensorsFile
  let epsilon: Float

  /// Reads `file`, whose batch norms add `epsilon` to the variance.
  public init(_ file: SafetensorsFile, epsilon: Float) {
    self.file = file
    self.epsilon = epsilon
  }

  /// The weights or biases of a node.
  public func callAsFunction(_ name: String, _ shape: [Int]) throws -> [Float] {
    let isBias = name.hasSuffix(".bias")
    let node = String(name.dropLast(isBias ? 5 : 7))
    if file.tensor("\(node).bias") != nil { return try file.floats(name) }
    let norm = try batchNorm(of: node)
    let gamma = try file.floats("\(norm).weight")
    let variance = try file.floats("\(norm).running_var")
    let scale = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
    if isBias {
      let beta = try file.floats("\(norm).bias")
      let mean = try file.floats("\(norm).running_mean")
      return scale.indices.map { beta[$0] - mean[$0] * scale[$0] }
    }
    let weights = try file.floats(name)
    let filter = weights.count / scale.count
    return weights.enumerated().map { $1 * scale[$0 / filter] }
  }

  /// The batch norm after a convolution: its path with the last component incremented.
  private func batchNorm(of node: String) throws -> String {
    var parts = node.split(separator: ".").map(String.init)
    guard let last = parts.popLast(), let index = Int(last) else {
      throw MissingReference(description: "no batch norm for \(node)")
    }
    return (parts + ["\(index + 1)"]).joined(separator: ".")
  }
}

/// The inputs and outputs in `../shared/golden/NAME`.
public func referenceIO(_ name: String) throws -> SafetensorsFile {
  try SafetensorsFile(path: referenceFolder(name).appending(path: "io.safetensors").path)
}

/// The VOC detector's inputs and raw outputs in `../shared/models`.
public func vocModelIO() throws -> SafetensorsFile {
  guard let sharedFolder else { throw MissingReference(description: "no ../shared") }
  let path = sharedFolder.appending(path: "models/ssdlite_mobilenet_v2_voc20/io.safetensors").path
  return try SafetensorsFile(path: path)
}
