import Backbone
import Testing

@Suite struct SegmenterTests {
  @Test("LR-ASPP matches torchvision's feature maps and logits")
  func segmenter() throws {
    let specification = SegmenterSpecification(classes: 5, inputHeight: 72, inputWidth: 100)
    try checkNetwork(specification.graph(), against: "lraspp_mobilenet_v3_large")
  }

  @Test("its weights are as many as torchvision's")
  func parameters() throws {
    let table = try SegmenterSpecification().table()
    // Batch norms have as many factors as biases; the gate's 128 biases are zeros of our own.
    let weights = table.rows.reduce(0) { $0 + $1.parameters + $1.batchNormChannels }
    #expect(weights - 128 == 3_221_538)
  }

  @Test("only MobileNetV3-Large has an LR-ASPP")
  func backbones() {
    #expect(throws: SpecificationError.noSegmenter(.mobileNetV2)) {
      try SegmenterSpecification(backbone: .mobileNetV2).graph()
    }
  }
}
