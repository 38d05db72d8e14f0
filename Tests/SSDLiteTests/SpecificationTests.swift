import Backbone
import Foundation
import Layers
import SSDLite
import TestSupport
import Testing

@Suite struct SpecificationTests {
  static let backbones: [BackboneKind] = [
    .mobileNetV1, .mobileNetV2, .mobileNetV3Large, .mobileNetV3Small, .shuffleNetV1Groups3,
    .shuffleNetV2, .resNet18,
  ]

  @Test("torchvision's detector has exactly the parameters that torchvision states")
  func torchvisionParameters() throws {
    // Convolution weights, the heads' biases, and two parameters per channel of each batch norm;
    // the running statistics are not parameters. Folding leaves one parameter per channel.
    let table = try SSDLiteSpecification.torchvisionMobileNetV3Large().table()
    #expect(table.trainableParameters == 3_440_060)
    #expect(table.parameters == 3_423_588)
    #expect(table.trainableParameters - table.parameters == 16_472)
  }

  @Test(
    "its parameters are torchvision's for each width multiplier",
    arguments: [(1.0, 3_440_060), (0.75, 2_256_316), (0.5, 1_244_996)])
  func torchvisionWidths(width: Double, parameters: Int) throws {
    // mobilenet_v3_large with the reduced tail, SSDLiteFeatureExtractorMobileNet, SSDLiteHead.
    let specification = SSDLiteSpecification.torchvisionMobileNetV3Large(widthMultiplier: width)
    #expect(try specification.table().trainableParameters == parameters)
  }

  struct Figure: Sendable {
    let backbone: BackboneKind
    let reducedTail: Bool
    /// Including the background.
    let classes: Int
    /// In millions and in billions.
    let parameters: Double
    let multiplyAdds: Double
  }

  // swift-format-ignore
  /// SSDLite for COCO at 320 x 320.
  ///
  /// Sandler et al. 2018, table 6 (V1, V2), and Howard et al. 2019 (v5), table 6 (V3). The figures
  /// of V1 and V2 match COCO's 80 classes, those of V3 its 90 IDs, ten of which are unused. The
  /// remaining differences are the papers' rounding and, for V3, torchvision's squeeze sizes.
  static let figures = [
    Figure(backbone: .mobileNetV1,      reducedTail: false, classes: 81, parameters: 5.1,  multiplyAdds: 1.3),
    Figure(backbone: .mobileNetV2,      reducedTail: false, classes: 81, parameters: 4.3,  multiplyAdds: 0.8),
    Figure(backbone: .mobileNetV3Large, reducedTail: false, classes: 91, parameters: 4.97, multiplyAdds: 0.62),
    Figure(backbone: .mobileNetV3Large, reducedTail: true,  classes: 91, parameters: 3.22, multiplyAdds: 0.51),
    Figure(backbone: .mobileNetV3Small, reducedTail: false, classes: 91, parameters: 2.49, multiplyAdds: 0.21),
    Figure(backbone: .mobileNetV3Small, reducedTail: true,  classes: 91, parameters: 1.77, multiplyAdds: 0.16),
  ]

  @Test("totals are within 2 % of the papers'", arguments: figures)
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

  @Test("extra blocks and heads on MobileNetV2 cost what the paper says")
  func styles() throws {
    // Sandler et al. 2018, table 5: 80 classes and the background, here at 320 x 320. Its 0.35
    // billion multiply-adds for SSDLite are twice what the layers have; the 0.8 billion of the
    // whole network in table 6 are right.
    for (style, parameters, multiplyAdds) in [
      (SSDStyle.full, 14.8, 1.25), (.separable, 2.1, 0.35 / 2),
    ] {
      let table = try SSDLiteSpecification.tensorFlow(
        backbone: .mobileNetV2, classes: 81, inputHeight: 320, inputWidth: 320, style: style
      ).table()
      let rows = table.rows.filter {
        $0.cells[0].hasPrefix("extra") || $0.cells[0].hasPrefix("head")
      }
      let (size, cost) = (
        Double(rows.reduce(0) { $0 + $1.trainableParameters }) / 1e6,
        Double(rows.reduce(0) { $0 + $1.multiplyAdds }) / 1e9
      )
      #expect(abs(size - parameters) <= 0.06, "\(size) million")
      #expect(abs(cost - multiplyAdds) <= 0.02, "\(cost) billion")
    }
  }

  @Test("SSD300 on VGG-16 has torchvision's parameters, cost, maps and priors")
  func vgg() throws {
    let specification = SSDLiteSpecification.torchvisionVGG16()
    let table = try specification.table()
    // SSD300_VGG16_Weights.COCO_V1: num_params and _ops, which are multiply-adds in billions.
    #expect(table.trainableParameters == 35_641_826)
    #expect(abs(Double(table.multiplyAdds) / 1e9 - 34.858) <= 0.001)
    #expect(try specification.mapSizes().map(\.width) == [38, 19, 10, 5, 3, 1])
    #expect(try specification.makePriors().count == 8732)
    var small = specification
    (small.inputHeight, small.inputWidth) = (268, 268)
    #expect(try small.mapSizes().map(\.width) == [34, 17, 9, 5, 3, 1])
    small.inputWidth = 267
    #expect(throws: SpecificationError.input(height: 268, width: 267, range: 268...4096)) {
      try small.graph()
    }
    small.inputWidth = 268
    small.extraChannels = [512]
    #expect(throws: SpecificationError.extraChannels([512])) { try small.graph() }
    let data = try JSONEncoder().encode(specification)
    #expect(try JSONDecoder().decode(SSDLiteSpecification.self, from: data) == specification)
  }

  @Test("SSD with 1x1 heads on MobileNetV1 has the paper's parameters and cost")
  func mobileNetV1() throws {
    // Howard et al. 2017, table 13: SSD 300 for COCO, whose 90 IDs these are.
    let table = try SSDLiteSpecification.tensorFlow(backbone: .mobileNetV1, style: .fullExtras)
      .table()
    #expect(abs(Double(table.trainableParameters) / 1e6 - 6.8) <= 0.05)
    #expect(abs(Double(table.multiplyAdds) / 1e9 - 1.2) <= 0.05)
  }

  @Test("a style is read back from JSON, and a file without one is SSDLite")
  func codedStyles() throws {
    for style in SSDStyle.allCases {
      let specification = SSDLiteSpecification.tensorFlow(backbone: .mobileNetV1, style: style)
      let data = try JSONEncoder().encode(specification)
      #expect(String(decoding: data, as: UTF8.self).contains("style") == (style != .separable))
      #expect(try JSONDecoder().decode(SSDLiteSpecification.self, from: data) == specification)
    }
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
  @Test("taps are at the papers' layers", arguments: [
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

  @Test(
    "networks with names keep them below the detector's backbone",
    arguments: [
      (BackboneKind.shuffleNetV1Groups8, "features.11", "features.15", 768, 1536),
      (.shuffleNetV2, "stage3", "conv5", 232, 1024), (.resNet50, "layer3", "layer4", 1024, 2048),
      (.xception, "block11", "conv4", 728, 2048), (.nasNetAMobile, "cell_10", "relu", 528, 1056),
    ])
  func names(
    _ backbone: BackboneKind, first: String, second: String, firstChannels: Int,
    secondChannels: Int
  ) throws {
    let graph = try SSDLiteSpecification.tensorFlow(backbone: backbone).graph()
    for (index, name, channels) in [(0, first, firstChannels), (1, second, secondChannels)] {
      let value = try #require(graph.taps["backbone.features.\(index)"])
      #expect(value == graph.taps["backbone.\(name)"] && value.shape.channels == channels)
    }
    let own = graph.nodes.filter { $0.weightShape != nil && !$0.name.hasPrefix("head.") }
    let outside = own.filter { !$0.name.hasPrefix("backbone.") }.map(\.name)
    #expect(outside.isEmpty)
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

  @Test("an invalid specification is rejected with a message")
  func rejections() {
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
    for (expected, change) in changes {
      var specification = base
      change(&specification)
      let error = #expect(throws: SpecificationError.self) { try specification.graph() }
      #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }
  }
}
