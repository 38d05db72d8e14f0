import CKernels
import TestSupport

/// Depthwise convolution: windows with and without tiles, every padding, some of the rows.
struct DepthwiseCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 4)
    var failures: [String] = []
    for _ in 0..<60 {
      let test = DepthwiseCase(.random(side: 6, channels: 1...2, using: &random), using: &random)
      let actual = test.run(scalar)
      if let at = test.firstDifference(actual, test.naive(), test.magnitudes(scalar)) {
        failures.append("\(test): output \(at)")
      }
    }
    return failures
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 5)
    var failures: [String] = []
    var windows = (0..<300).map { _ in
      DepthwiseLayout.Window.random(side: 14, channels: 1...11, using: &random)
    }
    windows += DepthwiseLayout.Window.layers
    for window in windows {
      let test = DepthwiseCase(window, using: &random)
      let expected = test.run(scalar)
      let actual = test.run(vector)
      if let at = test.firstDifference(actual, expected, test.magnitudes(scalar)) {
        failures.append("\(test): output \(at)")
      }
    }
    return failures
  }
}

extension DepthwiseLayout.Window {
  /// Layers of MobileNetV2-SSDLite and MobileNetV3, cut to a few rows, with symmetric padding and
  /// with TensorFlow's.
  static var layers: [Self] {
    let shapes = [
      // channels, kernel, stride, width
      (32, 3, 1, 150), (96, 3, 2, 150), (144, 3, 1, 75), (144, 3, 2, 75), (192, 3, 2, 38),
      (384, 3, 1, 19), (960, 3, 1, 10), (256, 3, 2, 10), (512, 3, 1, 5), (128, 3, 2, 3),
      (128, 3, 2, 2), (128, 3, 2, 1), (240, 5, 1, 20), (672, 5, 2, 20),
    ]
    return shapes.flatMap { channels, kernel, stride, width in
      let same = max((((width + stride - 1) / stride - 1) * stride + kernel - width) / 2, 0)
      return [kernel / 2, same].map { pad in
        let outputs = (width + stride - 1) / stride
        let height = min(width, 5)
        let rows = (height + stride - 1) / stride
        return Self(
          channels: channels, kernel: kernel, stride: stride, height: height, width: width,
          padTop: pad, padLeft: pad, outputs: outputs, rows: 0..<rows, outputRows: rows,
          activation: SD_ACTIVATION_RELU6)
      }
    }
  }

  static func random(
    side: Int, channels: ClosedRange<Int>, using random: inout SplitMix64
  ) -> Self {
    let kernel = [1, 2, 3, 3, 3, 5, 5, 7].randomElement(using: &random) ?? 3
    let stride = Int.random(in: 1...3, using: &random)
    let height = Int.random(in: 1...side, using: &random)
    let width = Int.random(in: 1...side, using: &random)
    let padTop = Int.random(in: 0..<kernel, using: &random)
    let padLeft = Int.random(in: 0..<kernel, using: &random)
    let rows = (height + padTop - 1) / stride + 1
    let first = Int.random(in: 0..<rows, using: &random)
    let last = Int.random(in: first...rows, using: &random)
    return Self(
      channels: 16 * .random(in: channels, using: &random), kernel: kernel, stride: stride,
      height: height, width: width, padTop: padTop, padLeft: padLeft,
      outputs: (width + padLeft - 1) / stride + 1, rows: first..<last, outputRows: rows,
      activation: activations.randomElement(using: &random) ?? SD_ACTIVATION_NONE)
  }
}
