import Layers

/// MobileNetV1: depthwise separable convolutions one after the other.
struct MobileNetV1: BackboneNetwork {
  /// A depthwise and a pointwise convolution.
  struct SeparableRow {
    /// Stride of the depthwise convolution.
    let s: Int
    /// Output channels of the pointwise one.
    let c: Int
    /// Repetitions.
    let n: Int
  }

  // swift-format-ignore
  /// Table 1 of Howard et al. 2017, arXiv:1704.04861v1, for inputs of 224 x 224; each line is the
  /// table's pair "Conv dw" and "Conv 1 x 1". The last pair has stride 1: the table's s2 there
  /// contradicts its own output size, 7 x 7.
  static let separables: [SeparableRow] = [
    //                         input
    .init(s: 1, c:   64, n: 1),  // 112 x 112 x 32
    .init(s: 2, c:  128, n: 1),  // 112 x 112 x 64
    .init(s: 1, c:  128, n: 1),  //  56 x  56 x 128
    .init(s: 2, c:  256, n: 1),  //  56 x  56 x 128
    .init(s: 1, c:  256, n: 1),  //  28 x  28 x 256
    .init(s: 2, c:  512, n: 1),  //  28 x  28 x 256
    .init(s: 1, c:  512, n: 5),  //  14 x  14 x 512
    .init(s: 2, c: 1024, n: 1),  //  14 x  14 x 512
    .init(s: 1, c: 1024, n: 1),  //   7 x   7 x 1024
  ]

  /// With the paper's ReLU (section 3.1).
  static let paper = MobileNetV1(
    title: "MobileNetV1, table 1 of Howard et al. 2017, arXiv:1704.04861", activation: .relu)
  /// With ReLU6, as in TensorFlow's release (research/slim/nets/mobilenet_v1.py) and in Keras.
  static let tensorFlow = MobileNetV1(
    title: "MobileNetV1 with ReLU6, table 1 of Howard et al. 2017, arXiv:1704.04861",
    activation: .relu6)

  let title: String
  let activation: Activation
  let columns = ["operator", "c", "n", "s"]
  /// TensorFlow's SSD reads layers 11 and 13 (`ssd_mobilenet_v1_feature_extractor`).
  let detectorCut: DetectorCut? = .after(block: 11)
  let hasReducedTail = false

  func appendFeatures(to builder: inout BackboneBuilder) {
    builder.row(["conv2d 3x3", "32", "1", "2"]) {
      $0.convolutionNormActivation(
        $0.nextBlock().path.module, channels: $0.channels(32), kernel: 3, stride: 2,
        activation: activation)
    }
    for row in Self.separables {
      builder.row(["separable 3x3", "\(row.c)", "\(row.n)", "\(row.s)"]) {
        for _ in 0..<row.n {
          let (index, path) = $0.nextBlock()
          $0.depthwiseNormActivation("\(path.module).0", stride: row.s, activation: activation)
          $0.convolutionNormActivation(
            "\(path.module).1", channels: $0.channels(row.c), activation: activation)
          $0.tap(path.module)
          $0.noteCut(afterBlock: index)
        }
      }
    }
  }

  func appendClassifier(to builder: inout BackboneBuilder, classes: Int) {
    builder.row(["avgpool", "-", "1", "-"]) { $0.globalAveragePool("avgpool") }
    builder.row(["fc", "\(classes)", "1", "1"]) { $0.linear("classifier", channels: classes) }
  }
}
