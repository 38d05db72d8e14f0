import Backbone
import Layers
import SSDLite
import Testing

@testable import Models
@testable import ModelImport

@Suite("names")
struct NamingTests {
  @Test("the Caffe port's names map one to one to SSDLite on MobileNetV2")
  func caffeDetector() throws {
    var names = ["Conv", "conv/depthwise", "conv/project", "Conv_1"]
    for block in 1...16 {
      names += ["expand", "depthwise", "project"].map { "conv_\(block)/\($0)" }
    }
    for extra in 2...5 {
      names += ["layer_19_1_\(extra)", "layer_19_2_\(extra)/depthwise", "layer_19_2_\(extra)"]
    }
    for map in ["conv_13/expand", "Conv_1"] + (2...5).map({ "layer_19_2_\($0)" }) {
      for head in ["conf", "loc"] {
        names += ["\(map)_mbox_\(head)/depthwise", "\(map)_mbox_\(head)"]
      }
    }
    let found = names.compactMap(CaffeSSDNames.canonical)
    let graph = try SSDLiteSpecification.tensorFlow(backbone: .mobileNetV2).graph()
    #expect(found.count == names.count)
    #expect(Set(found) == weightedLayers(graph))
    for name in ["conv_0/expand", "conv_17/expand", "conv_x/expand", "layer_19_2_6", "prob", ""] {
      #expect(CaffeSSDNames.canonical(name) == nil)
    }
  }

  @Test("Caffe's SqueezeNet names map to both releases", arguments: [true, false])
  func squeezeNet(isFirst: Bool) throws {
    let names = CaffeSqueezeNetNames(isFirstRelease: isFirst)
    var layers = ["conv1", "conv10"]
    for fire in 2...9 {
      layers += ["squeeze1x1", "expand1x1", "expand3x3"].map { "fire\(fire)/\($0)" }
    }
    let specification = ClassifierSpecification(
      backbone: isFirst ? .squeezeNet1_0 : .squeezeNet1_1)
    #expect(Set(layers.compactMap(names.canonical)) == weightedLayers(try specification.graph()))
    #expect(names.canonical("fire10/squeeze1x1") == nil && names.canonical("pool1") == nil)
  }

  @Test(
    "timm's names of the MobileNets map to torchvision's",
    arguments: [
      (BackboneKind.mobileNetV2, [1, 2, 3, 4, 3, 3, 1]),
      (.mobileNetV3Large, [1, 2, 3, 4, 2, 3]), (.mobileNetV3Small, [1, 2, 3, 2, 3]),
    ])
  func timm(backbone: BackboneKind, stages: [Int]) throws {
    let graph = try ClassifierSpecification(backbone: backbone).graph()
    let expected = weightedLayers(graph)
    let isV3 = backbone != .mobileNetV2
    var shapes: [String: [Int]] = [:]
    func add(_ layer: String, norm: String?) {
      shapes["\(layer).weight"] = [1]
      if let norm {
        for part in ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"] {
          shapes["\(norm).\(part)"] = [1]
        }
      }
    }
    add("conv_stem", norm: "bn1")
    var number = 0
    for (stage, blocks) in stages.enumerated() {
      for block in 0..<blocks {
        number += 1
        let path = "blocks.\(stage).\(block)"
        let inner = "features.\(number).\(isV3 ? "block" : "conv")"
        let squeezes = expected.contains { $0.hasPrefix(inner) && $0.hasSuffix("fc1") }
        // Blocks that do not expand have one convolution fewer.
        let convolutions = expected.filter { $0.hasPrefix("\(inner).") && !$0.contains("fc") }
        let expands = convolutions.count == 3
        if expands { add("\(path).conv_pw", norm: "\(path).bn1") }
        add("\(path).conv_dw", norm: "\(path).\(expands ? "bn2" : "bn1")")
        if squeezes {
          add("\(path).se.conv_reduce", norm: nil)
          add("\(path).se.conv_expand", norm: nil)
        }
        add(
          "\(path).\(expands ? "conv_pwl" : "conv_pw")", norm: "\(path).\(expands ? "bn3" : "bn2")")
      }
    }
    if isV3 { add("blocks.\(stages.count).0.conv", norm: "blocks.\(stages.count).0.bn1") }
    add("conv_head", norm: isV3 ? nil : "bn2")
    add("classifier", norm: nil)

    var source = importSource(shapes)
    try source.canonicalize()
    let norms = source.tensors.keys.filter { $0.hasSuffix(".running_var") }
    let weights = Set(source.tensors.keys.filter { $0.hasSuffix(".weight") }.map { $0.dropLast(7) })
    let layers = weights.subtracting(norms.map { $0.dropLast(12) })
    #expect(Set(layers.map(String.init)) == expected)
    // Each batch norm follows its convolution.
    for norm in norms {
      let parts = norm.dropLast(12).split(separator: ".")
      let index = try #require(Int(parts.last ?? ""))
      let convolution = (parts.dropLast() + ["\(index - 1)"]).joined(separator: ".")
      #expect(expected.contains(convolution), "\(norm)")
    }
    #expect(source.facts.batchNormEpsilon == 1e-5)
  }

  @Test("timm's names of Xception map to ours one to one, and its depthwise layers get biases")
  func xception() throws {
    var layers = ["conv1", "conv2", "conv3.conv1", "conv3.pointwise", "conv4.conv1"]
    layers += ["conv4.pointwise", "fc"]
    var norms = ["bn1", "bn2", "bn3", "bn4"]
    for block in 1...12 {
      // The first module doesn't begin with an activation.
      for place in block == 1 ? [0, 3] : [2, 3, 12].contains(block) ? [1, 4] : [1, 4, 7] {
        layers += ["conv1", "pointwise"].map { "block\(block).rep.\(place).\($0)" }
        norms.append("block\(block).rep.\(place + 1)")
      }
      if [1, 2, 3, 12].contains(block) {
        layers.append("block\(block).skip")
        norms.append("block\(block).skipbn")
      }
    }
    let graph = try ClassifierSpecification(backbone: .xception).graph()
    #expect(Set(layers.compactMap(XceptionNames.canonical)) == weightedLayers(graph))
    let convolutions = weightedLayers(graph).filter { $0.hasSuffix(".0") }
    #expect(
      Set(norms.compactMap(XceptionNames.canonical))
        == Set(convolutions.map { "\($0.dropLast(2)).1" }))
    for name in ["block1.rep.9.conv1", "block1.rep.0.conv2", "block1", "conv5", "block1.rep"] {
      #expect(XceptionNames.canonical(name) == nil)
    }
    var source = importSource(["block1.rep.0.conv1.weight": [64, 1, 3, 3]])
    try source.canonicalize()
    #expect(source.tensors["block1.sepconv1.depthwise.bias"]?.shape == [64])
    #expect(source.facts.architecture == .classifier(.xception))
  }

  @Test("the classifier of the authors' ShuffleNet gets biases of zero")
  func shuffleNet() throws {
    var source = importSource(["first_conv.0.weight": [1], "classifier.0.weight": [7, 960]])
    try source.canonicalize()
    let biases = try #require(source.tensors["classifier.0.bias"])
    #expect(try biases.shape == [7] && biases.read() == [Float](repeating: 0, count: 7))
  }

  @Test("every architecture has a name of its own, by which it is found")
  func architectures() {
    let names = ImportArchitecture.allCases.map(\.rawValue)
    #expect(Set(names).count == names.count)
    #expect(names.map(ImportArchitecture.init(rawValue:)) == ImportArchitecture.allCases)
    #expect(ImportArchitecture(rawValue: "ssdlite_squeezenet1_0") == nil)
  }

  @Test("the names of transformers map to the MobileNets'", arguments: [false, true])
  func transformers(isV2: Bool) throws {
    let prefix = isV2 ? "mobilenet_v2" : "mobilenet_v1"
    var layers = isV2 ? ["conv_stem.first_conv", "conv_stem.conv_3x3", "conv_stem.reduce_1x1"] : []
    if isV2 {
      layers += (0..<16).flatMap { block in
        ["expand_1x1", "conv_3x3", "reduce_1x1"].map { "layer.\(block).\($0)" }
      }
      layers.append("conv_1x1")
    } else {
      layers = ["conv_stem"] + (0..<26).map { "layer.\($0)" }
    }
    var shapes: [String: [Int]] = ["classifier.weight": [1], "classifier.bias": [1]]
    for layer in layers {
      shapes["\(prefix).\(layer).convolution.weight"] = [1]
      for part in ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"] {
        shapes["\(prefix).\(layer).normalization.\(part)"] = [1]
      }
    }
    var source = importSource(shapes)
    try source.canonicalize()
    #expect(source.facts.padding == .same && source.facts.batchNormEpsilon == 1e-3)
    #expect(source.facts.normalization == .signedUnit)
    #expect(source.facts.architecture?.rawValue.hasPrefix(prefix) == true)
    let graph = try ClassifierSpecification(backbone: isV2 ? .mobileNetV2 : .mobileNetV1).graph()
    let expected = weightedLayers(graph)
    for layer in expected {
      #expect(source.tensors["\(layer).weight"] != nil, "\(layer)")
      // The batch norm is the next module of the list.
      guard !layer.hasPrefix("classifier") else { continue }
      let parts = layer.split(separator: ".")
      let next = (parts.dropLast() + ["\((Int(parts.last ?? "") ?? 0) + 1)"]).joined(separator: ".")
      #expect(source.tensors["\(next).running_var"] != nil, "\(layer)")
    }
    #expect(source.tensors.count == expected.count + 4 * layers.count + 1)
    shapes["\(prefix).layer.26.convolution.weight"] = [1]
    var wrong = importSource(shapes)
    #expect(throws: ModelFileError.self) { try wrong.canonicalize() }
  }

  @Test("torchvision's LR-ASPP is recognised; its gate has no biases, its head another epsilon")
  func segmenter() throws {
    let specification = SegmenterSpecification(widthMultiplier: 0.25, classes: 4)
    var tensors: [WritableTensor] = []
    func add(_ name: String, _ shape: [Int], _ value: Float) {
      let values = [Float](repeating: value, count: shape.reduce(1, *))
      tensors.append(WritableTensor(name: name, shape: shape, values))
    }
    for node in try specification.graph().nodes {
      guard let shape = node.weightShape else { continue }
      add("\(node.name).weight", shape, 1)
      let parts = node.name.split(separator: ".").map(String.init)
      if node.name.hasSuffix("_classifier") || parts[parts.count - 1].hasPrefix("fc") {
        add("\(node.name).bias", [shape[0]], 0)
      } else if node.name != "classifier.scale.1", let last = Int(parts[parts.count - 1]) {
        let norm = (parts.dropLast() + ["\(last + 1)"]).joined(separator: ".")
        for (part, value) in [("weight", 1), ("bias", 0), ("running_mean", 0), ("running_var", 0)] {
          add("\(norm).\(part)", [shape[0]], Float(value))
        }
      }
    }
    try inTemporaryFolder { folder in
      try SafetensorsFile.write(to: folder + "/weights", tensors: tensors)
      let model = try Importer.run(
        ImportRequest(path: folder + "/weights", output: folder + "/model.safetensors"))
      #expect(model.description.architecture == .segmenter(specification))
      #expect(model.description.normalization == .imageNet)
      #expect(model.description.labels == ["background", "class 1", "class 2", "class 3"])
      let gate = try model.weights("classifier.scale.1.bias", [128])
      #expect(gate.allSatisfy { $0 == 0 })
      for (layer, epsilon) in [("backbone.0.0", 1e-3), ("classifier.cbr.0", 1e-5)] {
        let shape = try #require(
          try specification.graph().nodes.first { $0.name == layer }?.weightShape)
        let factor = try model.weights("\(layer).weight", shape)[0]
        #expect(abs(factor * Float(epsilon).squareRoot() - 1) < 1e-5, "\(layer)")
      }
    }
  }

  @Test("an unknown name is an error that mentions it")
  func unknownName() {
    var names = importSource(["conv_13/expand.weight": [1], "conv_99/expand.weight": [1]])
    do throws(ModelFileError) {
      try names.canonicalize()
      Issue.record("an unknown layer was renamed")
    } catch {
      #expect(error.code == .unknownTensor && error.message.contains("conv_99/expand"))
    }
  }

  @Test("labels are read from lists, objects and texts")
  func labels() throws {
    let texts: [(String, [String]?)] = [
      (#"["a","b"]"#, ["a", "b"]), (#"{"1":"b","0":"a"}"#, ["a", "b"]), ("a\r\nb\n\n", ["a", "b"]),
      ("n01440764 tench, Tinca\nn0144 b\n", ["tench, Tinca", "n0144 b"]), (#"{"1":"b"}"#, nil),
      (#"["a",1]"#, nil), ("[", nil), ("\n", nil),
    ]
    try inTemporaryFolder { folder in
      for (text, expected) in texts {
        try write([UInt8](text.utf8), to: folder + "/labels")
        #expect((try? LabelFile.read(folder + "/labels")) == expected, "\(text)")
      }
      try write([0xFF, 0xFE], to: folder + "/labels")
      #expect(code { _ = try LabelFile.read(folder + "/labels") } == .invalidOption)
    }
    #expect(BuiltInLabels.labels(classes: 91, isDetector: true).count == 91)
    #expect(BuiltInLabels.labels(classes: 2, isDetector: true) == ["background", "class 1"])
  }
}
