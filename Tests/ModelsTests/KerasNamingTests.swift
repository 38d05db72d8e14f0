import Backbone
import Layers
import Testing

@testable import ModelImport
@testable import Models

@Suite("Keras's names")
struct KerasNamingTests {
  /// Shapes of a network's tensors as Keras has them, with a part that files add to each path.
  private func keras(_ layers: [(name: String, variables: [String: [Int]])]) -> [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    for layer in layers {
      for (variable, shape) in layer.variables {
        shapes["model_weights/\(layer.name)/\(layer.name)_1/\(variable):0"] = shape
      }
    }
    return shapes
  }

  private static let kerasNorm = Dictionary(
    uniqueKeysWithValues: ["gamma", "beta", "moving_mean", "moving_variance"].map { ($0, [8]) })

  @Test("Keras's names of Xception map to ours, its shortcuts by the numbers that Keras gave them")
  func kerasXception() throws {
    let separable = ["depthwise_kernel": [3, 3, 4, 1], "pointwise_kernel": [1, 1, 4, 8]]
    var layers = [
      ("block1_conv1", ["kernel": [3, 3, 3, 32]]), ("block1_conv2", ["kernel": [3, 3, 32, 64]]),
      ("predictions", ["kernel": [2048, 1000], "bias": [1000]]),
    ]
    for block in 2...14 {
      for number in 1...([2, 3, 4, 13, 14].contains(block) ? 2 : 3) {
        layers.append(("block\(block)_sepconv\(number)", separable))
        layers.append(("block\(block)_sepconv\(number)_bn", Self.kerasNorm))
      }
    }
    layers += ["block1_conv1_bn", "block1_conv2_bn"].map { ($0, Self.kerasNorm) }
    // Not from 0, as of a second network of one program; 9 comes before 10.
    for (index, number) in (8...11).enumerated() {
      layers.append(("conv2d_\(number)", ["kernel": [1, 1, 2, index]]))
      layers.append(("batch_normalization_\(number)", Self.kerasNorm))
    }
    var source = importSource(keras(layers))
    try source.canonicalize()
    let weights = Set(source.tensors.keys.filter { $0.hasSuffix(".weight") }.map { $0.dropLast(7) })
    let norms = source.tensors.keys.filter { $0.hasSuffix(".running_var") }.map { $0.dropLast(12) }
    let graph = try ClassifierSpecification(backbone: .xception).graph()
    #expect(Set(weights.subtracting(norms).map(String.init)) == weightedLayers(graph))
    #expect(norms.count == 2 + 34 + 4)
    #expect(source.tensors["conv2.0.weight"]?.shape == [64, 32, 3, 3])
    #expect(source.tensors["fc.weight"]?.shape == [1000, 2048])
    #expect(source.tensors["block4.sepconv3.depthwise.weight"]?.shape == [4, 1, 3, 3])
    #expect(source.tensors["block4.sepconv3.depthwise.bias"]?.shape == [4])
    #expect(
      ["block1", "block2", "block3", "block12"].map {
        source.tensors["\($0).skip.0.weight"]?.shape.first
      } == [0, 1, 2, 3])
    #expect(source.facts.architecture == .classifier(.xception))
    #expect(source.facts.padding == .same && source.facts.batchNormEpsilon == 1e-3)
  }

  @Test("Keras's names of the MobileNets map to torchvision's", arguments: [false, true])
  func kerasMobileNet(isV2: Bool) throws {
    var layers: [(String, [String: [Int]])] = []
    func add(_ name: String, norm: String, _ variable: String = "kernel") {
      layers += [(name, [variable: [3, 3, 4, 1]]), (norm, Self.kerasNorm)]
    }
    if isV2 {
      add("Conv1", norm: "bn_Conv1")
      for block in 0...16 {
        let path = block == 0 ? "expanded_conv" : "block_\(block)"
        if block > 0 { add("\(path)_expand", norm: "\(path)_expand_BN") }
        // Keras 2 and 3 call it differently.
        add(
          "\(path)_depthwise", norm: "\(path)_depthwise_BN",
          block < 9 ? "depthwise_kernel" : "kernel")
        add("\(path)_project", norm: "\(path)_project_BN")
      }
      add("Conv_1", norm: "Conv_1_bn")
    } else {
      add("conv1", norm: "conv1_bn")
      for number in 1...13 {
        add("conv_dw_\(number)", norm: "conv_dw_\(number)_bn", "depthwise_kernel")
        add("conv_pw_\(number)", norm: "conv_pw_\(number)_bn")
      }
    }
    layers.append((isV2 ? "predictions" : "conv_preds", ["kernel": [5, 7], "bias": [7]]))
    var source = importSource(keras(layers))
    try source.canonicalize()
    let kind: BackboneKind = isV2 ? .mobileNetV2 : .mobileNetV1ReLU6
    let graph = try ClassifierSpecification(backbone: kind).graph()
    let weights = Set(source.tensors.keys.filter { $0.hasSuffix(".weight") }.map { $0.dropLast(7) })
    let norms = source.tensors.keys.filter { $0.hasSuffix(".running_var") }.map { $0.dropLast(12) }
    #expect(Set(weights.subtracting(norms).map(String.init)) == weightedLayers(graph))
    let depthwise = isV2 ? "features.1.conv.0.0.weight" : "features.1.0.0.weight"
    #expect(source.tensors[depthwise]?.shape == [4, 1, 3, 3])
    #expect(source.facts.architecture == .classifier(kind))
  }

  @Test("a tensor with other axes has its elements in the new order")
  func permuted() throws {
    let tensor = SourceTensor(shape: [2, 3], type: .float32) { () throws(ModelFileError) in
      [0, 1, 2, 3, 4, 5]
    }
    #expect(try tensor.permuted([1, 0]).read() == [0, 3, 1, 4, 2, 5])
    #expect(tensor.permuted([1, 0]).shape == [3, 2])
  }
}
