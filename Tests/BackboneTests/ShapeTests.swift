import Backbone
import Layers
import TestSupport
import Testing

/// Sizes, widths and names of graphs that need no weights.
@Suite struct ShapeTests {
  /// Values of `_make_divisible(v, 8)`.
  static let roundings: [(Double, Int)] = [
    (3.2, 8), (8, 8), (11.2, 16), (12, 16), (11.9, 16), (16.8, 16), (20, 24), (22.4, 24),
    (24.5, 24), (33.6, 32), (44.8, 48), (134.4, 136), (1792, 1792), (54, 56), (18, 24), (26.6, 24),
  ]

  @Test("channels are rounded as torchvision's _make_divisible does", arguments: roundings)
  func rounding(channels: Double, expected: Int) {
    #expect(roundedChannels(channels, to: 8) == expected)
  }

  @Test("rounding never removes more than a tenth and always gives a multiple")
  func roundingBounds() {
    let wrong = (1...4000).map { Double($0) / 10 }.first { channels in
      let rounded = roundedChannels(channels, to: 8)
      return rounded % 8 != 0 || rounded < 8 || Double(rounded) < 0.9 * channels
        || Double(rounded) > max(8, channels + 8)
    }
    #expect(wrong == nil)
  }

  @Test(
    "the last feature map is the input over 32, rounded up, in both padding conventions",
    arguments: [
      BackboneKind.mobileNetV1, .mobileNetV2, .mobileNetV3Large, .mobileNetV3Small,
    ], PaddingConvention.allCases)
  func strides(_ backbone: BackboneKind, _ padding: PaddingConvention) throws {
    for (height, width) in [(224, 224), (32, 33), (97, 223), (300, 300)] {
      let graph = try ClassifierSpecification(
        backbone: backbone, classes: 5, inputHeight: height, inputWidth: width, padding: padding
      ).graph()
      let map = try #require(graph.taps["features"]).shape
      #expect(map.height == (height + 31) / 32)
      #expect(map.width == (width + 31) / 32)
      #expect(graph.outputs.map(\.name) == ["output"])
      #expect(graph.outputs[0].rows == 1)
      #expect(graph.outputs[0].columns == 5)
    }
  }

  @Test(
    "SqueezeNet's maps have Caffe's sizes, including a last window that only partly fits",
    arguments: [
      (BackboneKind.squeezeNet1_0, 224, [109, 54, 27, 13]),
      (.squeezeNet1_0, 227, [111, 55, 27, 13]),
      (.squeezeNet1_1, 224, [111, 55, 27, 13]),
      (.squeezeNet1_1, 227, [113, 56, 28, 14]),
      (.squeezeNet1_1, 32, [15, 7, 3, 1]),
    ])
  func ceilMode(_ backbone: BackboneKind, _ side: Int, _ expected: [Int]) throws {
    let table = try ClassifierSpecification(
      backbone: backbone, inputHeight: side, inputWidth: side
    ).table()
    let sides = table.rows.filter { !$0.cells[0].hasPrefix("fire") }.map(\.output.height)
    #expect(Array(sides.prefix(4)) == expected)
  }

  @Test("every width multiplier builds, and channels are multiples of 8 except at the output")
  func widths() throws {
    for backbone in BackboneKind.allCases where backbone.widths == nil {
      for width in [0.1, 0.25, 0.35, 0.5, 0.75, 1, 1.3, 1.4, 2] {
        let graph = try ClassifierSpecification(
          backbone: backbone, widthMultiplier: width, classes: 3,
          inputHeight: backbone == .vgg16 ? 224 : 64, inputWidth: backbone == .vgg16 ? 224 : 48
        ).graph()
        for node in graph.nodes.dropLast() {
          #expect(node.output.shape.channels % 8 == 0, "\(backbone) \(width) \(node.name)")
        }
      }
    }
  }

  @Test("taps have the names of torchvision's modules")
  func taps() throws {
    // swift-format-ignore
    let expected: [(BackboneKind, [String: [Int]])] = [
      (.mobileNetV2, [
        "features.0": [32, 32], "features.0.2": [32, 32], "features.1.conv.0": [32, 32],
        "features.1.conv.2": [32, 16], "features.3.conv.0.2": [16, 144], "features.3.conv": [16, 24],
        "features.3": [16, 24], "features.18": [2, 1280], "classifier.0": [1, 1280],
        "classifier": [1, 7],
      ]),
      (.mobileNetV3Large, [
        "features.4.block.1": [8, 72], "features.4.block.2": [8, 72],
        "features.4.block.2.avgpool": [1, 72], "features.4.block.2.activation": [1, 24],
        "features.4.block.2.scale_activation": [1, 72], "features.4.block.3.1": [8, 40],
        "features.4.block": [8, 40], "features.13.block.0": [4, 672], "avgpool": [1, 960],
        "classifier.1": [1, 1280], "classifier.3": [1, 7],
      ]),
      (.squeezeNet1_0, [
        "features.0": [29, 96], "features.1": [29, 96], "features.2": [14, 96],
        "features.3.squeeze_activation": [14, 16], "features.3.expand3x3_activation": [14, 64],
        "features.3": [14, 128], "classifier.2": [3, 7], "classifier": [1, 7],
      ]),
    ]
    for (backbone, maps) in expected {
      let graph = try ClassifierSpecification(
        backbone: backbone, classes: 7, inputHeight: 64, inputWidth: 64
      ).graph()
      for (name, shape) in maps {
        let tap = try #require(graph.taps[name], "\(backbone) has no \(name)").shape
        #expect([tap.height, tap.channels] == shape, "\(name)")
      }
    }
  }

  @Test("values out of range are rejected with a message that names them")
  func rejections() {
    let rejected: [(ClassifierSpecification, String)] = [
      (ClassifierSpecification(backbone: .mobileNetV2, widthMultiplier: .nan), "nan"),
      (ClassifierSpecification(backbone: .mobileNetV2, widthMultiplier: -1), "-1.0"),
      (ClassifierSpecification(backbone: .mobileNetV1, widthMultiplier: 1e300), "1e+300"),
      (ClassifierSpecification(backbone: .squeezeNet1_0, widthMultiplier: 0.5), "0.5"),
      (
        ClassifierSpecification(backbone: .squeezeNet1_1, widthMultiplier: 0.5),
        "squeezenet1_1 has none"
      ),
      (ClassifierSpecification(backbone: .mobileNetV2, classes: 0), "0 classes"),
      (ClassifierSpecification(backbone: .mobileNetV2, classes: .max), "\(Int.max)"),
      (ClassifierSpecification(backbone: .mobileNetV2, inputHeight: 31), "224 x 31"),
      (ClassifierSpecification(backbone: .mobileNetV2, inputWidth: .max), "\(Int.max) x 224"),
      (ClassifierSpecification(backbone: .mobileNetV2, inputWidth: .min), "\(Int.min) x 224"),
    ]
    for (specification, expected) in rejected {
      let error = #expect(throws: SpecificationError.self) { try specification.graph() }
      #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }
  }
}
