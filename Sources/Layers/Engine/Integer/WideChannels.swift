/// The channels of an 8-bit step whose weights don't fit into signed bytes.
///
/// Networks that were trained with unsigned weights have a few in each layer: their zero point is
/// seldom in the middle, so the largest weights are up to 255 steps. Their sums are computed apart,
/// with weights of 16 bits, after the kernel has computed all channels.
struct WideChannels: Hashable {
  /// Channels of the output.
  var channels: [Int]
  /// Weights of each: those of the window's pixels, one after the other.
  var length: Int
  /// The input's byte for a real zero.
  var zero: Int
  /// First float in the network's weight buffer.
  var packed = 0

  /// Floats that the scale, the bias and the weights of a channel take.
  var stride: Int { 2 + (length + 1) / 2 }
  /// Floats that all channels take.
  var packedCount: Int { channels.count * stride }

  /// Writes the scales, biases and weights, which are `[out][inputs][taps]`; `step` returns the
  /// real size of a channel's steps.
  func pack(
    _ weights: [Float], bias: [Float], inputs: Int, epilogue: IntegerEpilogue,
    into target: UnsafeMutablePointer<Float>, step: (Int) -> Float
  ) {
    let taps = length / inputs
    var target = unsafe target
    for channel in channels {
      let size = step(channel)
      let parameters = epilogue.parameters(step: size, bias: bias[channel])
      unsafe target[0] = parameters.scale
      unsafe target[1] = parameters.bias
      unsafe (target + 2).withMemoryRebound(to: Int16.self, capacity: (length + 1) / 2 * 2) {
        bits in
        for input in 0..<inputs {
          for tap in 0..<taps {
            let steps = weights[(channel * inputs + input) * taps + tap] / size
            unsafe bits[tap * inputs + input] = Int16(
              min(max(roundedToEven(steps), -WeightRounding.widest), WeightRounding.widest))
          }
        }
      }
      unsafe target += stride
    }
  }

  /// Whether the scales and biases that start at `start` are finite.
  func isFinite(_ start: UnsafePointer<Float>) -> Bool {
    channels.indices.allSatisfy { index in
      unsafe start[index * stride].isFinite && start[index * stride + 1].isFinite
    }
  }
}

extension Executor {
  /// Computes the channels `wide` of rows `rows` again, from the bytes of `input`.
  func computeWide(_ wide: WideChannels, of step: Step, _ rows: Range<Int>, _ input: MapView) {
    var window = Window(kernel: 1)
    var activation = Activation.none
    var isDepthwise = false
    switch step.kind {
    case .integerPointwise(let function): activation = function
    case .integerDepthwise(let size, let function):
      (window, activation, isDepthwise) = (size, function, true)
    default:
      guard let found = step.fullConvolution else { return }
      (window, activation) = found
    }
    let sums = unsafe WindowSums(
      start: UnsafePointer(bytes(input)), pixelStride: input.placement.pixelStride,
      rowStride: input.rowStride, height: input.shape.height, width: input.shape.width,
      run: isDepthwise ? 1 : input.shape.channels, zero: Int16(wide.zero), window: window,
      top: window.extent(over: input.shape.height).padBefore,
      left: window.extent(over: input.shape.width).padBefore)
    let epilogue = IntegerEpilogue(step, activation)
    let output = step.output
    for (index, channel) in wide.channels.enumerated() {
      let packed = unsafe network.packed.start + wide.packed + index * wide.stride
      let (scale, bias) = unsafe (packed[0], packed[1])
      unsafe (packed + 2).withMemoryRebound(to: Int16.self, capacity: wide.length) { weights in
        for row in rows {
          let isFloat = output.element.quantizer == nil
          let line = unsafe memory(output, row: row)
          for column in 0..<output.shape.width {
            let sum = unsafe sums.sum(weights, row, column, channel: isDepthwise ? channel : 0)
            let value = bias + Float(sum) * scale
            let place = column * output.placement.pixelStride + channel
            if isFloat {
              unsafe line.storeBytes(of: value, toByteOffset: place * 4, as: Float.self)
            } else {
              unsafe line.storeBytes(
                of: epilogue.byte(value, activation), toByteOffset: place, as: UInt8.self)
            }
          }
        }
      }
    }
  }
}

/// Sums of products over the windows of a map of bytes.
@safe
private struct WindowSums {
  /// Pixel (0, 0).
  let start: UnsafePointer<UInt8>
  let pixelStride: Int
  let rowStride: Int
  let height: Int
  let width: Int
  /// Bytes of each pixel that are summed.
  let run: Int
  let zero: Int16
  let window: Window
  let top: Int
  let left: Int

  /// The sum for the output pixel at `row` and `column`; pixels outside the map are zeros.
  @inline(__always)
  func sum(_ weights: UnsafePointer<Int16>, _ row: Int, _ column: Int, channel: Int) -> Int32 {
    let (y, x) = (row * window.stride - top, column * window.stride - left)
    let kernel = window.kernel
    let (begin, end) = (max(-x, 0), min(kernel, width - x))
    guard begin < end else { return 0 }
    let isDense = run == pixelStride
    var total: Int32 = 0
    for i in max(-y, 0)..<max(min(kernel, height - y), max(-y, 0)) {
      var pixel = unsafe start + (y + i) * rowStride + (x + begin) * pixelStride + channel
      var taps = unsafe weights + (i * kernel + begin) * run
      // The pixels of a row of the window are one run if nothing lies between them.
      let count = isDense ? (end - begin) * run : run
      for _ in 0..<(isDense ? 1 : end - begin) {
        for index in 0..<count {
          let difference = unsafe Int16(pixel[index]) &- zero
          unsafe total &+= Int32(difference) &* Int32(taps[index])
        }
        unsafe pixel += pixelStride
        unsafe taps += run
      }
    }
    return total
  }
}

extension IntegerEpilogue {
  /// The byte for a scaled sum.
  fileprivate func byte(_ value: Float, _ activation: Activation) -> UInt8 {
    let steps =
      switch activation {
      case .none, .relu, .relu6: value
      case .hardSwish: value * min(max(value + 3, 0), 6) / 6 * step + zero
      case .hardSigmoid: min(max(value + 3, 0), 6) / 6 * step + zero
      }
    // In this order a NaN becomes the lower bound.
    let bounded = steps > Float(low) ? (steps < Float(high) ? steps : Float(high)) : Float(low)
    return UInt8(clamping: Int(roundedToEven(bounded)))
  }
}
