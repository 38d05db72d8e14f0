import CKernels
import TestSupport

/// One depthwise convolution of bytes with its inputs.
///
/// The input ends at a guarded page, right after the channels of its last pixel.
struct U8DepthwiseCase: CustomStringConvertible {
  let layout: DepthwiseLayout
  let zero, low, high: UInt8
  let step: Float = 30
  let outputZero: Float = 11
  let x, w: Bytes
  let scale, bias: Floats
  private var window: DepthwiseLayout.Window { layout.window }

  init(_ window: DepthwiseLayout.Window, using random: inout SplitMix64) {
    // Often there is no gap between pixels.
    layout = DepthwiseLayout(window, gaps: -9...9, using: &random)
    zero = random.next()
    (low, high) = Bool.random(using: &random) ? (0, 255) : (17, 201)
    x = Bytes(random: layout.inputCount, using: &random)
    let taps = window.kernel * window.kernel
    w = Bytes(weights: window.channels * taps, using: &random)
    let range: Float = Self.isHard(window.activation) ? 6 : 200
    scale = Floats(
      random: window.channels, scale: range / 2000 / Float(taps + 2), using: &random)
    bias = Floats(random: window.channels, scale: range, using: &random)
  }

  var description: String { "\(layout) zero \(zero)" }

  private static func isHard(_ activation: sd_activation) -> Bool {
    activation == SD_ACTIVATION_HARD_SWISH || activation == SD_ACTIVATION_HARD_SIGMOID
  }

  /// Without rectifiers, which are bounds on the bytes here.
  private var activation: sd_activation {
    Self.isHard(window.activation) ? window.activation : SD_ACTIVATION_NONE
  }

  private func emptyOutput() -> Bytes {
    let pixels = (window.outputRows - 1) * layout.yRow + (window.outputs - 1) * layout.yPixel
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
    unsafe arguments.set(layout)
    unsafe arguments.x = UnsafePointer(x.start)
    unsafe arguments.zero = zero
    unsafe arguments.packed = UnsafeRawPointer(packed.start)
    unsafe arguments.activation = activation
    unsafe arguments.step = step
    unsafe arguments.out_zero = outputZero
    unsafe arguments.low = low
    unsafe arguments.high = high
    unsafe arguments.y = y.start
    unsafe kernels.u8_depthwise(&arguments)
    return y
  }

  /// The contract, as plain loops.
  func naive() -> Bytes {
    let y = emptyOutput()
    let weights = window.kernel * window.kernel
    layout.forEachOutput { index, channel, taps in
      let sum = taps.reduce(Int32(0)) { sum, tap in
        let value = Int32(x[tap.pixel + channel]) - Int32(zero)
        return sum + value * Int32(w.weight(channel * weights + tap.tap))
      }
      let real = bias[channel].addingProduct(Float(sum), scale[channel])
      let value =
        activation == SD_ACTIVATION_NONE
        ? real : outputZero.addingProduct(activated(real, activation), step)
      y[index] = byte(value, low, high)
    }
    return y
  }
}
