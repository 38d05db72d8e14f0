import CKernels
import TestSupport

/// One depthwise convolution of bytes with its inputs.
///
/// The input ends at a page's end, with the last pixel's channels.
struct U8DepthwiseCase: CustomStringConvertible {
  typealias Window = DepthwiseCase.Window

  let window: Window
  let xPixel, xRow, yPixel, yRow: Int
  let zero, low, high: UInt8
  let step: Float = 30
  let outputZero: Float = 11
  let x, w: Bytes
  let scale, bias: Floats

  init(_ window: Window, using random: inout SplitMix64) {
    self.window = window
    // Pixels often lie side by side.
    xPixel = window.channels + max(0, .random(in: -9...9, using: &random))
    xRow = window.width * xPixel + max(0, .random(in: -9...9, using: &random))
    yPixel = window.channels + max(0, .random(in: -9...9, using: &random))
    yRow = window.outputs * yPixel + .random(in: 0...9, using: &random)
    zero = random.next()
    (low, high) = Bool.random(using: &random) ? (0, 255) : (17, 201)
    let last = (window.height - 1) * xRow + (window.width - 1) * xPixel + window.channels
    x = Bytes(random: last, using: &random)
    let taps = window.kernel * window.kernel
    w = Bytes(weights: window.channels * taps, using: &random)
    let range: Float = Self.isHard(window.activation) ? 6 : 200
    scale = Floats(
      random: window.channels, scale: range / 2000 / Float(taps + 2), using: &random)
    bias = Floats(random: window.channels, scale: range, using: &random)
  }

  var description: String {
    "\(window) strides \(xPixel) \(xRow) \(yPixel) \(yRow) zero \(zero)"
  }

  private static func isHard(_ activation: sd_activation) -> Bool {
    activation == SD_ACTIVATION_HARD_SWISH || activation == SD_ACTIVATION_HARD_SIGMOID
  }

  /// Rectifiers are what the bounds do.
  private var activation: sd_activation {
    Self.isHard(window.activation) ? window.activation : SD_ACTIVATION_NONE
  }

  private func emptyOutput() -> Bytes {
    let pixels = (window.outputRows - 1) * yRow + (window.outputs - 1) * yPixel
    return Bytes(pixels + window.channels)
  }

  func run(_ kernels: sd_kernels) -> Bytes {
    let (channels, kernel) = (window.channels, window.kernel)
    let packed = Bytes(kernels.u8_depthwise_packed_size(channels, kernel))
    unsafe w.start.withMemoryRebound(to: Int8.self, capacity: w.count) { w in
      unsafe kernels.u8_depthwise_pack(
        channels, kernel, w, zero, scale.start, bias.start, packed.start)
    }
    let y = emptyOutput()
    var arguments = unsafe sd_u8_depthwise_args()
    unsafe arguments.channels = channels
    unsafe arguments.kernel = kernel
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
    unsafe arguments.zero = zero
    unsafe arguments.packed = UnsafeRawPointer(packed.start)
    unsafe arguments.activation = activation
    unsafe arguments.step = step
    unsafe arguments.out_zero = outputZero
    unsafe arguments.low = low
    unsafe arguments.high = high
    unsafe arguments.y = y.start
    unsafe arguments.y_pixel_stride = yPixel
    unsafe arguments.y_row_stride = yRow
    unsafe kernels.u8_depthwise(&arguments)
    return y
  }

  /// The contract in loops.
  func naive() -> Bytes {
    let y = emptyOutput()
    for row in window.rows {
      for column in 0..<window.outputs {
        for channel in 0..<window.channels {
          let sum = naiveSum(row, column, channel)
          let real = bias[channel].addingProduct(Float(sum), scale[channel])
          let value =
            activation == SD_ACTIVATION_NONE
            ? real : outputZero.addingProduct(activated(real, activation), step)
          y[row * yRow + column * yPixel + channel] = byte(value, low, high)
        }
      }
    }
    return y
  }

  private func naiveSum(_ row: Int, _ column: Int, _ channel: Int) -> Int32 {
    let kernel = window.kernel
    var sum: Int32 = 0
    for i in 0..<kernel {
      for j in 0..<kernel {
        let r = row * window.stride - window.padTop + i
        let q = column * window.stride - window.padLeft + j
        guard (0..<window.height).contains(r), (0..<window.width).contains(q) else { continue }
        let value = Int32(x[r * xRow + q * xPixel + channel]) - Int32(zero)
        sum += value * Int32(w.weight(channel * kernel * kernel + i * kernel + j))
      }
    }
    return sum
  }
}
