import CKernels
import TestSupport

/// One full convolution of bytes with its inputs.
///
/// The input ends at a guarded page.
struct U8ConvolutionCase: CustomStringConvertible {
  typealias Output = U8GEMMCase.Output

  let channels, n, kernel, stride, height, width, padTop, padLeft: Int
  let output: Output
  let rows: Range<Int>
  let xRow, yPixel, yRow, residualPixel: Int
  let low, high: UInt8
  let step: Float = 30
  let outputZero: Float = 11
  let residualScale: Float = 0.7
  let x, w, residual: Bytes
  let zero, scale, bias: Floats

  var outputs: Int { (width + padLeft - 1) / stride + 1 }
  var outputRows: Int { (height + padTop - 1) / stride + 1 }
  /// Weights in a window's row, with padding.
  private var run: Int { (kernel * channels + 3) / 4 * 4 }
  private var padded: Int { (n + 15) / 16 * 16 }

  /// Zeros are whole if `isWhole`.
  init(
    channels: Int, n: Int, kernel: Int, stride: Int, height: Int, width: Int, _ output: Output,
    isWhole: Bool, using random: inout SplitMix64
  ) {
    (self.channels, self.n, self.kernel, self.stride) = (channels, n, kernel, stride)
    (self.height, self.width, self.output) = (height, width, output)
    padTop = .random(in: 0..<kernel, using: &random)
    padLeft = .random(in: 0..<kernel, using: &random)
    let allRows = 0..<(height + padTop - 1) / stride + 1
    let first = Int.random(in: 0...1, using: &random)
    rows = min(first, allRows.count - 1)..<allRows.count
    xRow = width * channels + .random(in: 0...9, using: &random)
    yPixel = (n + 15) / 16 * 16 + .random(in: 0...9, using: &random)
    let outputs = (width + padLeft - 1) / stride + 1
    yRow = outputs * yPixel + .random(in: 0...9, using: &random)
    residualPixel = output == .inPlace ? yPixel : n + .random(in: 0...9, using: &random)
    (low, high) = Bool.random(using: &random) ? (0, 255) : (17, 201)
    x = Bytes(random: (height - 1) * xRow + width * channels, using: &random)
    let run = (kernel * channels + 3) / 4 * 4
    w = Bytes(weights: n * kernel * run, using: &random)
    for index in 0..<w.count where index % run >= kernel * channels { w[index] = 0 }
    residual = Bytes(random: allRows.count * outputs * residualPixel, using: &random)
    zero = Floats(random: channels, scale: 300, using: &random)
    if isWhole {
      for channel in 0..<channels {
        zero[channel] = Float(UInt8.random(in: 0...255, using: &random))
      }
    }
    let range: Float = output == .hardSwish || output == .hardSigmoid ? 6 : 200
    scale = Floats(random: n, scale: range / 2000 / Float(kernel * run + 20), using: &random)
    bias = Floats(random: n, scale: range, using: &random)
  }

  var description: String {
    "\(channels) to \(n) kernel \(kernel) stride \(stride) input \(height) x \(width) "
      + "pads \(padTop) \(padLeft) rows \(rows) \(output)"
  }

  private var activation: sd_activation {
    switch output {
    case .hardSwish: SD_ACTIVATION_HARD_SWISH
    case .hardSigmoid: SD_ACTIVATION_HARD_SIGMOID
    default: SD_ACTIVATION_NONE
    }
  }

  /// The outputs of a kernel, with bytes that the contract leaves unspecified reset.
  func run(_ kernels: sd_kernels) -> (bytes: Bytes, floats: Floats) {
    let packed = Bytes(kernels.u8_convolution_packed_size(n, channels, kernel))
    let count = (outputRows - 1) * yRow + (outputs - 1) * yPixel + padded
    let (y, floats) = (Bytes(count), Floats(count))
    unsafe w.start.withMemoryRebound(to: Int8.self, capacity: w.count) { w in
      unsafe kernels.u8_convolution_pack(
        n, channels, kernel, w, zero.start, scale.start, bias.start, packed.start)
    }
    var arguments = unsafe sd_u8_convolution_args()
    unsafe arguments.n = n
    unsafe arguments.channels = channels
    unsafe arguments.kernel = kernel
    unsafe arguments.stride = stride
    unsafe arguments.in_height = height
    unsafe arguments.in_width = width
    unsafe arguments.out_width = outputs
    unsafe arguments.pad_top = padTop
    unsafe arguments.pad_left = padLeft
    unsafe arguments.row_begin = rows.lowerBound
    unsafe arguments.row_end = rows.upperBound
    unsafe arguments.x = UnsafePointer(x.start)
    unsafe arguments.x_row_stride = xRow
    unsafe arguments.packed = UnsafeRawPointer(packed.start)
    unsafe arguments.activation = activation
    unsafe arguments.step = step
    unsafe arguments.out_zero = outputZero
    unsafe arguments.low = low
    unsafe arguments.high = high
    if output == .residual || output == .inPlace {
      unsafe arguments.residual = UnsafePointer(residual.start)
    }
    unsafe arguments.residual_pixel_stride = residualPixel
    unsafe arguments.residual_row_stride = outputs * residualPixel
    unsafe arguments.residual_scale = residualScale
    unsafe arguments.y = y.start
    unsafe arguments.y_pixel_stride = yPixel
    unsafe arguments.y_row_stride = yRow
    if output == .floats { unsafe arguments.y_f32 = floats.start }
    unsafe kernels.u8_convolution(&arguments)
    if output != .floats { clearPadding(y) }
    return (y, floats)
  }

  private func clearPadding(_ y: Bytes) {
    for row in rows {
      for column in 0..<outputs {
        for channel in n..<padded { y[row * yRow + column * yPixel + channel] = 0 }
      }
    }
  }

  /// The outputs by the contract, in double precision, each with its index.
  func exact() -> [(index: Int, number: Double)] {
    rows.flatMap { row in
      (0..<outputs).flatMap { column in
        (0..<n).map { j in
          let at = row * yRow + column * yPixel + j
          let real = Double(bias[j]) + Double(scale[j]) * sum(row, column, j)
          switch output {
          case .plain, .floats: return (at, real)
          case .residual, .inPlace:
            let other = residual[(row * outputs + column) * residualPixel + j]
            return (at, real + Double(other) * Double(residualScale))
          case .hardSwish, .hardSigmoid:
            let value = Double(activated(Float(real), activation))
            return (at, value * Double(step) + Double(outputZero))
          }
        }
      }
    }
  }

  private func sum(_ row: Int, _ column: Int, _ j: Int) -> Double {
    var sum = 0.0
    for i in 0..<kernel {
      for t in 0..<kernel {
        let r = row * stride - padTop + i
        let q = column * stride - padLeft + t
        guard (0..<height).contains(r), (0..<width).contains(q) else { continue }
        for channel in 0..<channels {
          let value = Double(x[r * xRow + q * channels + channel]) - Double(zero[channel])
          sum += value * Double(w.weight((j * kernel + i) * run + t * channels + channel))
        }
      }
    }
    return sum
  }
}
