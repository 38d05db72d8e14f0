import CKernels
import TestSupport

/// Depthwise convolution of bfloat16: windows with and without tiles, every padding, parts of the rows.
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
      DepthwiseCase.Window.random(side: 14, channels: 1...11, using: &random)
    }
    windows += DepthwiseCase.Window.layers
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
  var window: DepthwiseCase.Window
  let xPixel, xRow, yPixel, yRow: Int
  var x: BFloats
  var w, bias: Floats

  init(_ window: DepthwiseCase.Window, using random: inout SplitMix64) {
    self.window = window
    xPixel = window.channels + .random(in: 0...9, using: &random)
    xRow = window.width * xPixel + .random(in: 0...9, using: &random)
    yPixel = window.channels + .random(in: 0...9, using: &random)
    yRow = window.outputs * yPixel + .random(in: 0...9, using: &random)
    // The last pixel's channels are the last numbers that may be read.
    x = .nan(
      (window.height - 1) * xRow + (window.width - 1) * xPixel + window.channels)
    let first = window.rows.lowerBound * window.stride - window.padTop
    let end = (window.rows.upperBound - 1) * window.stride - window.padTop + window.kernel
    for row in 0..<window.height where first <= row && row < end {
      x.randomize(
        rows: window.width, from: row * xRow, stride: xPixel, columns: window.channels,
        using: &random)
    }
    w = Floats(random: window.kernel * window.kernel * window.channels, using: &random)
    bias = Floats(random: window.channels, using: &random)
  }

  var description: String { "\(window) strides \(xPixel) \(xRow) \(yPixel) \(yRow)" }

  func run(_ kernels: sd_kernels) -> BFloats {
    let size = kernels.bf16_depthwise_packed_size(window.channels, window.kernel)
    let packed = unsafe PackedHalves(size) { start in
      unsafe kernels.bf16_depthwise_pack(window.channels, window.kernel, w.start, start)
    }
    let y = BFloats(window.outputRows * yRow)
    var arguments = unsafe sd_bf16_depthwise_args()
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
    unsafe arguments.packed = UnsafePointer(packed.start)
    unsafe arguments.bias = UnsafePointer(bias.start)
    unsafe arguments.y = y.start
    unsafe arguments.y_pixel_stride = yPixel
    unsafe arguments.y_row_stride = yRow
    unsafe arguments.activation = window.activation
    unsafe kernels.bf16_depthwise(&arguments)
    return y
  }

  /// The contract in loops.
  func naive() -> BFloats {
    let y = BFloats(window.outputRows * yRow)
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
              let weight = w[(channel * window.kernel + i) * window.kernel + j]
              let rounded = Float(bitPattern: UInt32(roundedBits(weight)) << 16)
              sum += x[r * xRow + q * xPixel + channel] * rounded
            }
          }
          y[row * yRow + column * yPixel + channel] = activated(sum, window.activation)
        }
      }
    }
    return y
  }

  func failure(_ actual: BFloats, _ expected: BFloats, _ scalar: sd_kernels) -> String? {
    var copy = self
    copy.window.activation = SD_ACTIVATION_NONE
    (copy.x, copy.w, copy.bias) = (x.magnitudes(), w.magnitudes(), bias.magnitudes())
    let magnitudes = copy.run(scalar)
    let at = actual.firstDifference(from: expected) { index in
      // Between pixels nothing is written.
      guard index % yRow < window.outputs * yPixel, index % yRow % yPixel < window.channels else {
        return 0
      }
      let sum = tolerance(
        terms: window.kernel * window.kernel + 1, magnitude: magnitudes[index] * (1 + 0x1p-7),
        window.activation)
      return roundedTolerance(sum, expected[index])
    }
    return at.map { "\(self): output \($0)" }
  }
}
