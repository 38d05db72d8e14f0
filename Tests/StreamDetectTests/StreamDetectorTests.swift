import Foundation
import Geometry
import Layers
import Models
import Output
import Pipeline
import SSDLite
import StreamDetect
import TestSupport
import Testing
@testable import Backbone

/// The library as a program uses it: one import, a model file, a loop.
@Suite(.timeLimit(.minutes(20)))
struct StreamDetectorTests {
  /// Writes a small model of seeded random weights.
  private func writeModel(in folder: TemporaryFolder) throws -> String {
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

  @Test("a loop over a detector's results sees every frame with labelled objects")
  func loop() async throws {
    let folder = try TemporaryFolder()
    let detector = try StreamDetector(modelPath: writeModel(in: folder))
    let clip = try folder.addNoise(frames: 6, width: 64, height: 48)
    var indices: [Int] = []
    var labels: Set<String> = []
    for try await result in detector.results(of: URL(filePath: clip)) {
      indices.append(result.index)
      labels.formUnion(result.detections.map(detector.label))
      #expect(result.detections.count <= 7, "the model recommends no more")
      #expect(result.detections.allSatisfy { $0.score >= 0.3 })
    }
    #expect(indices == Array(0..<6))
    #expect(!labels.isEmpty && labels.isSubset(of: ["cat", "dog", "cup"]))
  }

  @Test("a source that is missing throws, with its name")
  func missing() async throws {
    let folder = try TemporaryFolder()
    let detector = try StreamDetector(modelPath: writeModel(in: folder))
    let path = folder.path + "/missing.mp4"
    let error = await #expect(throws: IncompleteSourcesError.self) {
      for try await _ in detector.results(of: path) {}
    }
    #expect(error?.ends.map(\.source) == [path])
  }

  @Test("an object without a name is called by its number")
  func unnamed() throws {
    let folder = try TemporaryFolder()
    let detector = try StreamDetector(modelPath: writeModel(in: folder))
    let box = BoundingBox(xMin: 0, yMin: 0, xMax: 1, yMax: 1)
    #expect(detector.label(of: Detection(classID: 2, score: 1, box: box)) == "dog")
    #expect(detector.label(of: Detection(classID: 9, score: 1, box: box)) == "class 9")
  }
}
