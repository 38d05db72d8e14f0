import CKernels
import TestSupport

/// One depthwise convolution with its inputs.
///
/// Gaps between input pixels are NaN.
struct DepthwiseCase: CustomStringConvertible {
  var layout: DepthwiseLayout
  var x, w, bias: Floats
  private var window: DepthwiseLayout.Window { layout.window }

  init(_ window: DepthwiseLayout.Window, using random: inout SplitMix64) {
    layout = DepthwiseLayout(window, using: &random)
    x = Floats(window.height * layout.xRow, fill: .nan)
    for row in 0..<window.height {
      x.randomize(
        rows: window.width, from: row * layout.xRow, stride: layout.xPixel,
        columns: window.channels, using: &random)
    }
    w = Floats(random: window.kernel * window.kernel * window.channels, using: &random)
    bias = Floats(random: window.channels, using: &random)
  }

  var description: String { layout.description }

  func run(_ kernels: sd_kernels) -> Floats {
    let y = Floats(window.outputRows * layout.yRow)
    var arguments = unsafe sd_f32_depthwise_args()
    unsafe arguments.set(layout)
    unsafe arguments.x = UnsafePointer(x.start)
    unsafe arguments.w = UnsafePointer(w.start)
    unsafe arguments.bias = UnsafePointer(bias.start)
    unsafe arguments.y = y.start
    unsafe arguments.activation = window.activation
    unsafe kernels.f32_depthwise(&arguments)
    return y
  }

  /// The contract, as plain loops.
  func naive() -> Floats {
    let y = Floats(window.outputRows * layout.yRow)
    layout.forEachOutput { index, channel, taps in
      var sum = bias[channel]
      for (tap, pixel) in taps { sum += x[pixel + channel] * w[tap * window.channels + channel] }
      y[index] = activated(sum, window.activation)
    }
    return y
  }

  /// For each output, the sum of the magnitudes of its terms.
  func magnitudes(_ scalar: sd_kernels) -> Floats {
    var copy = self
    copy.layout.window.activation = SD_ACTIVATION_NONE
    (copy.x, copy.w, copy.bias) = (x.magnitudes(), w.magnitudes(), bias.magnitudes())
    return copy.run(scalar)
  }

  func firstDifference(_ actual: Floats, _ expected: Floats, _ magnitudes: Floats) -> Int? {
    let terms = window.kernel * window.kernel + 1
    return actual.firstDifference(from: expected) { index in
      tolerance(terms: terms, magnitude: magnitudes[index], window.activation)
    }
  }
}
