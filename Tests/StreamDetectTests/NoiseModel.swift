import Layers
import Models
import SSDLite
import TestSupport
@testable import Backbone

/// Writes a small detector of seeded random weights, which takes everything for cat, dog and cup;
/// returns the model file's path.
func writeNoiseModel(in folder: TemporaryFolder) throws -> String {
  let specification = SSDLiteSpecification.tensorFlow(
    backbone: .mobileNetV2, widthMultiplier: 0.25, classes: 4, inputHeight: 96, inputWidth: 96)
  let path = folder.path + "/noise.safetensors"
  try ModelFile.write(
    to: path,
    ModelDescription(
      name: "noise", architecture: .detector(specification),
      labels: ["background", "cat", "dog", "cup"], normalization: signedUnit,
      scoreThreshold: 0.3, maximumDetections: 7),
    tensors: noise(for: try specification.graph()))
  return path
}

/// Writes a small classifier of seeded random weights; returns the model file's path.
func writeNoiseClassifier(in folder: TemporaryFolder) throws -> String {
  let specification = ClassifierSpecification(
    backbone: .mobileNetV2, widthMultiplier: 0.25, classes: 3, inputHeight: 64, inputWidth: 64)
  let path = folder.path + "/classifier.safetensors"
  try ModelFile.write(
    to: path,
    ModelDescription(
      name: "guess", architecture: .classifier(specification), labels: ["cat", "dog", "cup"],
      normalization: signedUnit),
    tensors: noise(for: try specification.graph()))
  return path
}

/// Writes a small segmenter of seeded random weights; returns the model file's path.
func writeNoiseSegmenter(in folder: TemporaryFolder) throws -> String {
  let specification = SegmenterSpecification(
    widthMultiplier: 0.25, classes: 3, inputHeight: 64, inputWidth: 64)
  let path = folder.path + "/segmenter.safetensors"
  try ModelFile.write(
    to: path,
    ModelDescription(
      name: "segments", architecture: .segmenter(specification),
      labels: ["background", "cat", "dog"], normalization: signedUnit),
    tensors: noise(for: try specification.graph()))
  return path
}

/// Pixels from -1 to 1.
private let signedUnit = Normalization(
  order: .rgb, mean: [127.5, 127.5, 127.5], scale: [2.0 / 255, 2.0 / 255, 2.0 / 255])

private func noise(for graph: Graph) -> [WritableTensor] {
  var random = SplitMix64(seed: 3)
  return graph.nodes.flatMap { node -> [WritableTensor] in
    guard let shape = node.weightShape, let outputs = shape.first else { return [] }
    let bound = (6 / Float(shape.dropFirst().reduce(1, *))).squareRoot()
    let weights = (0..<shape.reduce(1, *)).map { _ in
      Float.random(in: -bound...bound, using: &random)
    }
    return [
      WritableTensor(name: "\(node.name).weight", shape: shape, weights),
      WritableTensor(
        name: "\(node.name).bias", shape: [outputs], [Float](repeating: 0, count: outputs)),
    ]
  }
}
