import CKernels
import TestSupport

/// Maximum and mean pooling, with padding, strides and any number of channels.
struct PoolCheck: KernelCheck {
  let isMean: Bool

  func contractFailures(_ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 6)
    return (0..<80).compactMap { _ in
      let test = PoolCase(side: 7, channels: 1...5, isMean: isMean, using: &random)
      let difference = test.run(scalar).firstDifference(from: test.naive())
      return difference.map { "\(test): output \($0)" }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 7)
    return (0..<150).compactMap { _ in
      let test = PoolCase(side: 9, channels: 1...150, isMean: isMean, using: &random)
      let difference = test.run(vector).firstDifference(from: test.run(scalar))
      return difference.map { "\(test): output \($0)" }
    }
  }
}

/// One pooling with its input.
///
/// Gaps between pixels are NaN.
private struct PoolCase: CustomStringConvertible {
  let channels, kernel, stride, height, width, padTop, padLeft: Int
  let countsPadding, isMean: Bool
  let xPixel, xRow, yPixel, yRow: Int
  /// Of the output, to be computed.
  let rows: Range<Int>
  let x: Floats

  init(side: Int, channels: ClosedRange<Int>, isMean: Bool, using random: inout SplitMix64) {
    self.isMean = isMean
    self.channels = .random(in: channels, using: &random)
    kernel = .random(in: 1...4, using: &random)
    stride = .random(in: 1...3, using: &random)
    height = .random(in: 1...side, using: &random)
    width = .random(in: 1...side, using: &random)
    padTop = .random(in: 0..<kernel, using: &random)
    padLeft = .random(in: 0..<kernel, using: &random)
    countsPadding = .random(using: &random)
    xPixel = self.channels + .random(in: 0...5, using: &random)
    xRow = width * xPixel + .random(in: 0...5, using: &random)
    yPixel = self.channels + .random(in: 0...5, using: &random)
    yRow = ((width + padLeft - 1) / stride + 1) * yPixel + .random(in: 0...5, using: &random)
    let first = Int.random(in: 0...(height + padTop - 1) / stride, using: &random)
    rows = first..<(.random(in: first...(height + padTop - 1) / stride + 1, using: &random))
    x = Floats(height * xRow, fill: .nan)
    for row in 0..<height {
      x.randomize(
        rows: width, from: row * xRow, stride: xPixel, columns: self.channels, using: &random)
    }
  }

  /// The last window may reach beyond the input, so that windows are cut off on every side.
  var outHeight: Int { (height + padTop - 1) / stride + 1 }
  var outWidth: Int { (width + padLeft - 1) / stride + 1 }

  var description: String {
    "channels \(channels) kernel \(kernel) stride \(stride) input \(height) x \(width) "
      + "pads \(padTop) \(padLeft) rows \(rows) counts padding \(countsPadding)"
  }

  func run(_ kernels: sd_kernels) -> Floats {
    let y = Floats(outHeight * yRow)
    var arguments = unsafe sd_f32_pool_args()
    unsafe arguments.channels = channels
    unsafe arguments.kernel = kernel
    unsafe arguments.stride = stride
    unsafe arguments.in_height = height
    unsafe arguments.in_width = width
    unsafe arguments.out_width = outWidth
    unsafe arguments.row_begin = rows.lowerBound
    unsafe arguments.row_end = rows.upperBound
    unsafe arguments.pad_top = padTop
    unsafe arguments.pad_left = padLeft
    unsafe arguments.count_padding = countsPadding
    unsafe arguments.x = UnsafePointer(x.start)
    unsafe arguments.x_pixel_stride = xPixel
    unsafe arguments.x_row_stride = xRow
    unsafe arguments.y = y.start
    unsafe arguments.y_pixel_stride = yPixel
    unsafe arguments.y_row_stride = yRow
    if isMean {
      unsafe kernels.f32_average_pool(&arguments)
    } else {
      unsafe kernels.f32_max_pool(&arguments)
    }
    return y
  }

  func naive() -> Floats {
    let y = Floats(outHeight * yRow)
    for row in rows {
      for column in 0..<outWidth {
        for channel in 0..<channels {
          let rows = (0..<kernel).map { row * stride - padTop + $0 }
            .filter((0..<height).contains)
          let columns = (0..<kernel).map { column * stride - padLeft + $0 }
            .filter((0..<width).contains)
          let pixels = rows.flatMap { r in
            columns.map { q in x[r * xRow + q * xPixel + channel] }
          }
          let divisor = countsPadding ? kernel * kernel : pixels.count
          y[row * yRow + column * yPixel + channel] =
            isMean ? pixels.reduce(0, +) / Float(divisor) : pixels.max() ?? .nan
        }
      }
    }
    return y
  }
}
