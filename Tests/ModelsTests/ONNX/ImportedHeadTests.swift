import Layers
import SSDLite
import TestSupport
import Testing

@testable import Models
@testable import ModelImport
@testable import Geometry

/// How the outputs of imported graphs are interpreted.
@Suite struct ImportedHeadTests {
  /// A detector's head on two maps, 4 x 6 and 2 x 3, with raw outputs.
  private func heads(priors: Int, classes: Int = 3) -> ONNXWriter {
    var random = SplitMix64(seed: 6)
    var graph = ONNXWriter()
    graph.inputs = [("image", [1, 3, 64, 96])]
    func weights(_ name: String, _ shape: [Int]) {
      let values = (0..<shape.reduce(1, *)).map { _ in
        Float.random(in: -0.3...0.3, using: &random)
      }
      graph.floats(name, shape, values)
    }
    weights("stem", [8, 3, 3, 3])
    weights("next", [8, 8, 3, 3])
    let three = ONNXWriter.Attribute.integers([1, 1, 1, 1])
    graph.node(
      "Conv", ["image", "stem"], "first", ["strides": .integers([16, 16]), "pads": three])
    graph.node(
      "Conv", ["first", "next"], "second", ["strides": .integers([2, 2]), "pads": three])
    for (name, columns) in [("scores", classes), ("boxes", 4)] {
      graph.integers("\(name) sides", [1, -1, columns])
      for map in ["first", "second"] {
        weights("\(name) \(map)", [priors * columns, 8, 1, 1])
        graph.node("Conv", [map, "\(name) \(map)"], "\(name) of \(map)")
        graph.node(
          "Transpose", ["\(name) of \(map)"], "\(name) turned \(map)",
          ["perm": .integers([0, 2, 3, 1])])
        graph.node(
          "Reshape", ["\(name) turned \(map)", "\(name) sides"], "\(name) rows \(map)")
      }
      graph.node(
        "Concat", ["\(name) rows first", "\(name) rows second"], name, ["axis": .integer(1)])
    }
    graph.outputs = ["scores", "boxes"]
    return graph
  }

  private func run(
    _ graph: ONNXWriter, _ change: (inout ImportRequest) -> Void = { _ in },
    _ body: (ModelFile) throws -> Void
  ) throws {
    try inTemporaryFolder { folder in
      try write(graph.bytes(), to: folder + "/graph.onnx")
      var request = ImportRequest(
        path: folder + "/graph.onnx", output: folder + "/model.safetensors")
      change(&request)
      try body(try Importer.run(request))
    }
  }

  private func head(_ model: ModelFile) throws -> DetectionHead {
    var found: DetectionHead?
    if case .graph(let graph) = model.description.architecture,
      case .detector(let head) = graph.head
    {
      found = head
    }
    return try #require(found)
  }

  @Test("raw outputs with six priors per cell are read with torchvision's priors")
  func torchvision() throws {
    try run(heads(priors: 6)) { model in
      let head = try head(model)
      #expect(head.boxForm == .codes && head.scoreForm == .softmax)
      #expect(head.boxCoder == BoxCoder())
      #expect(model.description.labels == ["background", "class 1", "class 2"])
      let detector = try model.makeDetector()
      let rule = PriorSpecification.torchvision(
        TorchvisionPriors(aspectRatios: [[2, 3], [2, 3]]))
      let priors = rule.priors(maps: [(4, 6), (2, 3)], inputHeight: 64, inputWidth: 96)
      #expect(detector.priors == priors)
      let worker = detector.makeWorker(
        options: DetectionOptions(scoreThreshold: 0.3, iouThreshold: 0.5))
      let pixels = (0..<64 * 96 * 3).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      let found = worker.detect(rgb: pixels.span)
      #expect(!found.isEmpty)
      // The same results, computed from the raw outputs by definition.
      worker.session.withOutput("scores") { scores in
        worker.session.withOutput("boxes") { codes in
          for detection in found {
            let isThere = priors.indices.contains { row in
              let powers = (0..<3).map { exponential(scores[row * 3 + $0]) }
              let score = powers[detection.classID] / powers.reduce(0, +)
              let code = BoxCode(
                x: codes[row * 4], y: codes[row * 4 + 1], width: codes[row * 4 + 2],
                height: codes[row * 4 + 3])
              let box = BoxCoder().decode(code, prior: priors[row]).clipped
              return abs(score - detection.score) < 1e-5
                && abs(box.xMin - detection.box.xMin) < 1e-5
                && abs(box.yMax - detection.box.yMax) < 1e-5
            }
            #expect(isThere)
          }
        }
      }
    }
  }

  @Test("other raw outputs need a rule for their priors")
  func rules() throws {
    let graph = heads(priors: 3)
    #expect(
      code { try run(graph) { _ in } } == .invalidOption, "three priors may follow any rule")
    #expect(
      code {
        try run(graph) {
          $0.priors = .caffe
        } _: { _ in
        }
      } == .invalidOption)
    #expect(
      code {
        try run(graph) {
          $0.scores = "nothing"
        } _: { _ in
        }
      } == .invalidOption)
  }

  @Test("a trial run tells fractions from pixels, and a softmax probabilities from logits")
  func decoded() throws {
    for (factor, form) in [(Float(0.5), DetectionHead.BoxForm.corners), (40, .pixelCorners)] {
      var graph = heads(priors: 2)
      graph.floats("factor", [1, 1, 2], [factor, factor])
      for (name, start) in [("least", 0), ("more", 2)] {
        graph.integers("\(name) start", [start])
        graph.integers("\(name) end", [start + 2])
        graph.integers("\(name) axis", [2])
        graph.node(
          "Slice", ["boxes", "\(name) start", "\(name) end", "\(name) axis"], "\(name) raw")
        graph.node("Sigmoid", ["\(name) raw"], "\(name) unit")
        graph.node("Mul", ["\(name) unit", "factor"], name)
      }
      graph.node("Add", ["least", "more"], "most")
      graph.node("Concat", ["least", "most"], "corners", ["axis": .integer(2)])
      graph.node("Softmax", ["scores"], "probabilities", ["axis": .integer(2)])
      graph.outputs = ["probabilities", "corners"]
      try run(graph, { ($0.mean, $0.scale) = ([1, 2, 3], [4, 5, 6]) }) { model in
        let head = try head(model)
        #expect(head.boxForm == form && head.scoreForm == .probabilities)
        #expect(
          model.description.normalization == Normalization(mean: [1, 2, 3], scale: [4, 5, 6]))
        let worker = try model.makeDetector().makeWorker(
          options: DetectionOptions(scoreThreshold: 0.2, iouThreshold: 0.5))
        let found = worker.detect(rgb: [UInt8](repeating: 9, count: 64 * 96 * 3).span)
        #expect(found.contains { $0.box.xMin > 0 && $0.box.xMax < 1 })
      }
      graph.outputs = ["probabilities", "boxes", "corners"]
      #expect(code { try run(graph) { _ in } } == .invalidOption, "two outputs may be the boxes")
      try run(graph, { ($0.scores, $0.boxes) = ("probabilities", "corners") }) { model in
        let head = try head(model)
        #expect(head.boxes == "corners")
      }
    }
  }

  @Test("a vector belongs to a classifier, as logits or as probabilities")
  func classifiers() throws {
    for (last, form) in [("x", DetectionHead.ScoreForm.softmax), ("y", .probabilities)] {
      var graph = ONNXWriter()
      graph.floats("w", [5, 3, 1, 1], (0..<15).map { Float($0) - 7 })
      graph.node("Conv", ["image", "w"], "map")
      graph.node("GlobalAveragePool", ["map"], "mean")
      graph.node("Flatten", ["mean"], "x")
      graph.node("Softmax", ["x"], "y")
      graph.outputs = [last]
      try run(graph) { model in
        #expect(model.classifierHead == .init(scores: last, scoreForm: form))
        #expect(model.description.normalization == .imageNet)
        #expect(code { _ = try model.makeDetector() } == .invalidOption)
        let session = try model.makeClassifier().makeSession()
        session.run()
        session.withOutput(last) { #expect($0.count == 5) }
      }
    }
  }
}
