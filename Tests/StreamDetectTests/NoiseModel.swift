import Layers
import Models
import SSDLite
import TestSupport
@testable import Backbone

/// Writes a small detector of seeded random weights, which takes cat, dog and cup for everything; the
/// model file's path.
func writeNoiseModel(in folder: TemporaryFolder) throws -> String {
  let specification = SSDLiteSpecification.tensorFlow(
    backbone: .mobileNetV2, widthMultiplier: 0.25, classes: 4, inputHeight: 96, inputWidth: 96)
  var random = SplitMix64(seed: 3)
  var tensors: [WritableTensor] = []
  for node in try specification.graph().nodes {
    guard let shape = node.weightShape, let outputs = shape.first else { continue }
    let bound = (6 / Float(shape.dropFirst().reduce(1, *))).squareRoot()
    let weights = (0..<shape.reduce(1, *)).map { _ in
      Float.random(in: -bound...bound, using: &random)
    }
    tensors.append(WritableTensor(name: "\(node.name).weight", shape: shape, weights))
    tensors.append(
      WritableTensor(
        name: "\(node.name).bias", shape: [outputs], [Float](repeating: 0, count: outputs)))
  }
  let path = folder.path + "/noise.safetensors"
  let scale: Float = 2.0 / 255
  try ModelFile.write(
    to: path,
    ModelDescription(
      name: "noise", architecture: .detector(specification),
      labels: ["background", "cat", "dog", "cup"],
      normalization: Normalization(
        order: .rgb, mean: [127.5, 127.5, 127.5], scale: [scale, scale, scale]),
      scoreThreshold: 0.3, maximumDetections: 7),
    tensors: tensors)
  return path
}
