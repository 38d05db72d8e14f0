import Backbone
import Foundation
import Layers
import SSDLite
import TestSupport
import Testing

@Suite struct SpecificationTests {
  static let backbones: [BackboneKind] = [
    .mobileNetV1, .mobileNetV2, .mobileNetV3Large, .mobileNetV3Small,
  ]

  @Test("torchvision's detector has exactly the parameters that torchvision prints")
  func torchvisionParameters() throws {
    // Convolution weights, the heads' biases, and two numbers a channel of each batch norm; the
    // running statistics are not parameters. Folding leaves one number a channel.
    let table = try SSDLiteSpecification.torchvisionMobileNetV3Large().table()
    #expect(table.trainableParameters == 3_440_060)
    #expect(table.parameters == 3_423_588)
    #expect(table.trainableParameters - table.parameters == 16_472)
  }

  @Test(
    "with a width multiplier it has the parameters of torchvision's parts with that width_mult",
    arguments: [(1.0, 3_440_060), (0.75, 2_256_316), (0.5, 1_244_996)])
  func torchvisionWidths(width: Double, parameters: Int) throws {
    // mobilenet_v3_large with the reduced tail, SSDLiteFeatureExtractorMobileNet, SSDLiteHead.
    let specification = SSDLiteSpecification.torchvisionMobileNetV3Large(widthMultiplier: width)
    #expect(try specification.table().trainableParameters == parameters)
  }

  struct Figure: Sendable {
    let backbone: BackboneKind
    let reducedTail: Bool
    /// With the background.
    let classes: Int
    /// In millions and in thousand millions.
    let parameters: Double
    let multiplyAdds: Double
  }

  // swift-format-ignore
  /// SSDLite for COCO at 320 x 320.
  ///
  /// Sandler et al. 2018, table 6 (V1, V2), and Howard et al. 2019 (v5), table 6 (V3). V1 and V2
  /// are met with COCO's 80 classes, V3 with its 90 numbers, ten of which no object bears. What
  /// remains is the papers' rounding and, for V3, torchvision's squeeze sizes.
  static let figures = [
    Figure(backbone: .mobileNetV1,      reducedTail: false, classes: 81, parameters: 5.1,  multiplyAdds: 1.3),
    Figure(backbone: .mobileNetV2,      reducedTail: false, classes: 81, parameters: 4.3,  multiplyAdds: 0.8),
    Figure(backbone: .mobileNetV3Large, reducedTail: false, classes: 91, parameters: 4.97, multiplyAdds: 0.62),
    Figure(backbone: .mobileNetV3Large, reducedTail: true,  classes: 91, parameters: 3.22, multiplyAdds: 0.51),
    Figure(backbone: .mobileNetV3Small, reducedTail: false, classes: 91, parameters: 2.49, multiplyAdds: 0.21),
    Figure(backbone: .mobileNetV3Small, reducedTail: true,  classes: 91, parameters: 1.77, multiplyAdds: 0.16),
  ]

  @Test("totals are within a fiftieth of the papers'", arguments: figures)
  func papers(_ figure: Figure) throws {
    var specification = SSDLiteSpecification.tensorFlow(
      backbone: figure.backbone, classes: figure.classes, inputHeight: 320, inputWidth: 320)
    specification.reducedTail = figure.reducedTail
    let table = try specification.table()
    let parameters = Double(table.trainableParameters) / 1e6 / figure.parameters - 1
    let multiplyAdds = Double(table.multiplyAdds) / 1e9 / figure.multiplyAdds - 1
    #expect(abs(parameters) <= 0.02)
    #expect(abs(multiplyAdds) <= 0.02)
  }

  @Test("each backbone has its first map at stride 16 and its second at 32", arguments: backbones)
  func maps(_ backbone: BackboneKind) throws {
    for (height, width) in [(300, 300), (320, 320), (97, 193), (33, 32), (512, 288)] {
      for padding in PaddingConvention.allCases {
        var specification = SSDLiteSpecification.tensorFlow(
          backbone: backbone, inputHeight: height, inputWidth: width)
        specification.padding = padding
        var expected: [[Int]] = [[(height + 15) / 16, (width + 15) / 16]]
        for _ in 0..<5 { expected.append(expected[expected.count - 1].map { ($0 + 1) / 2 }) }
        let sizes = try specification.mapSizes().map { [$0.height, $0.width] }
        #expect(sizes == expected)
        let graph = try specification.graph()
        let priors = try specification.makePriors().count
        #expect(graph.outputs.map(\.name) == ["cls_logits", "bbox_regression"])
        #expect(graph.outputs.map(\.rows) == [priors, priors])
        #expect(graph.outputs.map(\.columns) == [91, 4])
      }
    }
  }

  // swift-format-ignore
  @Test("taps are the papers' layers", arguments: [
    (BackboneKind.mobileNetV1, "backbone.features.0.11.1.0", 512, "backbone.features.1.1.1.0", 1024),
    (.mobileNetV2,      "backbone.features.0.14.0", 576, "backbone.features.1.4.0", 1280),
    (.mobileNetV3Large, "backbone.features.0.13.0", 672, "backbone.features.1.3.0", 960),
    (.mobileNetV3Small, "backbone.features.0.9.0",  288, "backbone.features.1.3.0", 576),
  ])
  func taps(
    _ backbone: BackboneKind, first: String, firstChannels: Int, second: String, secondChannels: Int
  ) throws {
    let graph = try SSDLiteSpecification.tensorFlow(backbone: backbone).graph()
    for (tap, node, channels) in [
      ("backbone.features.0", first, firstChannels), ("backbone.features.1", second, secondChannels),
    ] {
      let value = try #require(graph.taps[tap])
      #expect(value.shape.channels == channels)
      #expect(graph.nodes.first { $0.output == value }?.name == node)
      let head = tap.last == "0" ? 0 : 1
      let readers = graph.nodes.filter { $0.inputs.contains(value) }.map(\.name)
      #expect(readers.contains("head.classification_head.module_list.\(head).0.0"))
      #expect(readers.contains("head.regression_head.module_list.\(head).0.0"))
    }
  }

  @Test("extra channels scale with the width, and odd ones build")
  func extraChannels() throws {
    let half = SSDLiteSpecification.tensorFlow(backbone: .mobileNetV2, widthMultiplier: 0.5)
    #expect(half.extraChannels == [256, 128, 128, 64])
    let third = SSDLiteSpecification.tensorFlow(backbone: .mobileNetV2, widthMultiplier: 0.35)
    #expect(third.extraChannels == [179, 89, 89, 44])
    #expect(try third.graph().taps["backbone.extra.0"]?.shape.channels == 179)
    let tiny = SSDLiteSpecification.tensorFlow(backbone: .mobileNetV2, widthMultiplier: 0.1)
    #expect(tiny.extraChannels == [51, 25, 25, 16])
  }

  @Test("a specification is read back from its JSON")
  func coding() throws {
    for specification in [
      SSDLiteSpecification.torchvisionMobileNetV3Large(classes: 3),
      .tensorFlow(backbone: .mobileNetV1, widthMultiplier: 0.75, inputHeight: 192),
    ] {
      let data = try JSONEncoder().encode(specification)
      #expect(try JSONDecoder().decode(SSDLiteSpecification.self, from: data) == specification)
    }
  }

  @Test("what cannot be built is refused in a sentence")
  func refusals() {
    let base = SSDLiteSpecification.tensorFlow(backbone: .mobileNetV2)
    let changes: [(String, (inout SSDLiteSpecification) -> Void)] = [
      ("squeezenet1_1", { $0.backbone = .squeezeNet1_1 }),
      ("reduced tail", { $0.reducedTail = true }),
      ("1 classes", { $0.classes = 1 }), ("classes", { $0.classes = .max }),
      ("input", { $0.inputHeight = 0 }), ("input", { $0.inputWidth = .max }),
      ("width multiplier", { $0.widthMultiplier = .infinity }),
      ("extra blocks", { $0.extraChannels = [] }),
      ("extra blocks", { $0.extraChannels[0] = .max }),
      ("6 feature maps", { $0.extraChannels.removeLast() }),
      ("variances", { $0.boxCoder.sizeVariance = .nan }),
      ("variances", { $0.boxCoder.centerVariance = 0 }),
      (
        "scores",
        {
          $0.classes = 10_000
          $0.inputHeight = 4096
          $0.inputWidth = 4096
        }
      ),
    ]
    for (word, change) in changes {
      var specification = base
      change(&specification)
      let error = #expect(throws: SpecificationError.self) { try specification.graph() }
      #expect(error?.description.contains(word) == true, "\(String(describing: error))")
    }
  }
}
