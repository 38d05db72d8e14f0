import CKernels
import TestSupport

/// Depthwise convolution of bfloat16: windows with and without tiles, every padding, parts of the
/// rows.
struct BF16DepthwiseCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 44)
    return (0..<60).compactMap { _ in
      let test = BF16DepthwiseCase(
        .random(side: 6, channels: 1...2, using: &random), using: &random)
      return test.failure(test.run(scalar), test.naive(), scalar)
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 45)
    var windows = (0..<300).map { _ in
      DepthwiseLayout.Window.random(side: 14, channels: 1...11, using: &random)
    }
    windows += DepthwiseLayout.Window.layers
    return windows.compactMap { window in
      let test = BF16DepthwiseCase(window, using: &random)
      return test.failure(test.run(vector), test.run(scalar), scalar)
    }
  }
}

/// One depthwise convolution with its inputs.
///
/// Numbers between the pixels of the input, and rows that no window reaches, are NaN.
struct BF16DepthwiseCase: CustomStringConvertible {
  var layout: DepthwiseLayout
  var x: BFloats
  var w, bias: Floats
  private var window: DepthwiseLayout.Window { layout.window }

  init(_ window: DepthwiseLayout.Window, using random: inout SplitMix64) {
    layout = DepthwiseLayout(window, using: &random)
    x = .nan(layout.inputCount)
    let first = window.rows.lowerBound * window.stride - window.padTop
    let end = (window.rows.upperBound - 1) * window.stride - window.padTop + window.kernel
    for row in 0..<window.height where first <= row && row < end {
      x.randomize(
        rows: window.width, from: row * layout.xRow, stride: layout.xPixel,
        columns: window.channels, using: &random)
    }
    w = Floats(random: window.kernel * window.kernel * window.channels, using: &random)
    bias = Floats(random: window.channels, using: &random)
  }

  var description: String { layout.description }

  func run(_ kernels: sd_kernels) -> BFloats {
    let size = kernels.bf16_depthwise_packed_size(window.channels, window.kernel)
    let packed = unsafe PackedHalves(size) { start in
      unsafe kernels.bf16_depthwise_pack(window.channels, window.kernel, w.start, start)
    }
    let y = BFloats(window.outputRows * layout.yRow)
    var arguments = unsafe sd_bf16_depthwise_args()
    unsafe arguments.set(layout)
    unsafe arguments.x = UnsafePointer(x.start)
    unsafe arguments.packed = UnsafePointer(packed.start)
    unsafe arguments.bias = UnsafePointer(bias.start)
    unsafe arguments.y = y.start
    unsafe arguments.activation = window.activation
    unsafe kernels.bf16_depthwise(&arguments)
    return y
  }

  /// The contract in loops.
  func naive() -> BFloats {
    let y = BFloats(window.outputRows * layout.yRow)
    let weights = window.kernel * window.kernel
    layout.forEachOutput { index, channel, taps in
      var sum = bias[channel]
      for (tap, pixel) in taps { sum += x[pixel + channel] * rounded(w[channel * weights + tap]) }
      y[index] = activated(sum, window.activation)
    }
    return y
  }

  func failure(_ actual: BFloats, _ expected: BFloats, _ scalar: sd_kernels) -> String? {
    var copy = self
    copy.layout.window.activation = SD_ACTIVATION_NONE
    (copy.x, copy.w, copy.bias) = (x.magnitudes(), w.magnitudes(), bias.magnitudes())
    let magnitudes = copy.run(scalar)
    let at = actual.firstDifference(from: expected) { index in
      guard layout.holdsOutput(index) else { return 0 }
      let sum = tolerance(
        terms: window.kernel * window.kernel + 1, magnitude: magnitudes[index] * (1 + 0x1p-7),
        window.activation)
      return roundedTolerance(sum, expected[index])
    }
    return at.map { "\(self): output \($0)" }
  }
}
