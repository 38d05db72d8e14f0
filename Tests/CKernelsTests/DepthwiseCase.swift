import CKernels
import TestSupport

/// One depthwise convolution with its inputs.
///
/// Numbers between the pixels of the input are NaN.
struct DepthwiseCase: CustomStringConvertible {
  struct Window {
    var channels, kernel, stride: Int
    var height, width: Int
    var padTop, padLeft: Int
    var outputs: Int
    var rows: Range<Int>
    var outputRows: Int
    var activation: sd_activation
  }

  let window: Window
  let xPixel, xRow, yPixel, yRow: Int
  var x, w, bias: Floats

  init(_ window: Window, using random: inout SplitMix64) {
    self.window = window
    xPixel = window.channels + .random(in: 0...9, using: &random)
    xRow = window.width * xPixel + .random(in: 0...9, using: &random)
    yPixel = window.channels + .random(in: 0...9, using: &random)
    yRow = window.outputs * yPixel + .random(in: 0...9, using: &random)
    x = Floats(window.height * xRow, fill: .nan)
    for row in 0..<window.height {
      x.randomize(
        rows: window.width, from: row * xRow, stride: xPixel, columns: window.channels,
        using: &random)
    }
    w = Floats(random: window.kernel * window.kernel * window.channels, using: &random)
    bias = Floats(random: window.channels, using: &random)
  }

  var description: String { "\(window) strides \(xPixel) \(xRow) \(yPixel) \(yRow)" }

  func run(_ kernels: sd_kernels) -> Floats {
    let y = Floats(window.outputRows * yRow)
    var arguments = unsafe sd_f32_depthwise_args()
    unsafe arguments.channels = window.channels
    unsafe arguments.kernel = window.kernel
    unsafe arguments.stride = window.stride
    unsafe arguments.in_height = window.height
    unsafe arguments.in_width = window.width
    unsafe arguments.out_width = window.outputs
    unsafe arguments.pad_top = window.padTop
    unsafe arguments.pad_left = window.padLeft
    unsafe arguments.row_begin = window.rows.lowerBound
    unsafe arguments.row_end = window.rows.upperBound
    unsafe arguments.x = UnsafePointer(x.start)
    unsafe arguments.x_pixel_stride = xPixel
    unsafe arguments.x_row_stride = xRow
    unsafe arguments.w = UnsafePointer(w.start)
    unsafe arguments.bias = UnsafePointer(bias.start)
    unsafe arguments.y = y.start
    unsafe arguments.y_pixel_stride = yPixel
    unsafe arguments.y_row_stride = yRow
    unsafe arguments.activation = window.activation
    unsafe kernels.f32_depthwise(&arguments)
    return y
  }

  /// The contract in loops.
  func naive() -> Floats {
    let y = Floats(window.outputRows * yRow)
    for row in window.rows {
      for column in 0..<window.outputs {
        for channel in 0..<window.channels {
          var sum = bias[channel]
          for i in 0..<window.kernel {
            for j in 0..<window.kernel {
              let r = row * window.stride - window.padTop + i
              let q = column * window.stride - window.padLeft + j
              guard (0..<window.height).contains(r), (0..<window.width).contains(q) else {
                continue
              }
              let weight = w[(i * window.kernel + j) * window.channels + channel]
              sum += x[r * xRow + q * xPixel + channel] * weight
            }
          }
          y[row * yRow + column * yPixel + channel] = activated(sum, window.activation)
        }
      }
    }
    return y
  }

  /// For each output the sum of the magnitudes that go into it.
  func magnitudes(_ scalar: sd_kernels) -> Floats {
    var plain = window
    plain.activation = SD_ACTIVATION_NONE
    return DepthwiseCase(copying: self, window: plain).run(scalar)
  }

  func firstDifference(_ actual: Floats, _ expected: Floats, _ magnitudes: Floats) -> Int? {
    let terms = window.kernel * window.kernel + 1
    return actual.firstDifference(from: expected) { index in
      tolerance(terms: terms, magnitude: magnitudes[index], window.activation)
    }
  }

  private init(copying other: DepthwiseCase, window: Window) {
    self.window = window
    (xPixel, xRow) = (other.xPixel, other.xRow)
    (yPixel, yRow) = (other.yPixel, other.yRow)
    (x, w, bias) = (other.x.magnitudes(), other.w.magnitudes(), other.bias.magnitudes())
  }
}
