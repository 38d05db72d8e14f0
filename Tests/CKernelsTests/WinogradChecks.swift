import CKernels
import TestSupport

/// The rows of the matrices of `sd_kernels.h`, as they are printed there.
private enum Matrices {
  static let a = 0.5.squareRoot()
  static let b = 2.0.squareRoot()
  static let input: [[Double]] = [
    [1, 0, -2.5, 0, 1, 0],
    [0, -2 * a, -2, a, 1, 0],
    [0, 2 * a, -2, -a, 1, 0],
    [0, -b / 2, -0.5, b, 1, 0],
    [0, b / 2, -0.5, -b, 1, 0],
    [0, 1, 0, -2.5, 0, 1],
  ]
  static let output: [[Double]] = [
    [1, 1, 1, 1, 1, 0],
    [0, a, -a, b, -b, 0],
    [0, 0.5, 0.5, 2, 2, 0],
    [0, a / 2, -a / 2, 2 * b, -2 * b, 1],
  ]

  /// `matrix` times the 6x6 values of `block`, times the transposed `matrix`.
  static func applied(_ matrix: [[Double]], _ block: [[Double]]) -> [[Double]] {
    let left = matrix.map { row in
      (0..<6).map { column in (0..<6).reduce(0) { $0 + row[$1] * block[$1][column] } }
    }
    return left.map { row in matrix.map { other in (0..<6).reduce(0) { $0 + row[$1] * other[$1] } }
    }
  }
}

/// The windows of tiles, inside the input and across its borders.
struct WinogradInputCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 31, 24, scalar) {
      $0.naive()
    } tolerance: {
      1e-4
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 32, 120, vector) {
      $0.run(scalar)
    } tolerance: {
      0
    }
  }

  private func failures(
    seed: UInt64, _ count: Int, _ kernels: sd_kernels, _ expected: (WinogradInputCase) -> Floats,
    tolerance: () -> Float
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return (0..<count).compactMap { _ in
      let test = WinogradInputCase(using: &random)
      let difference = test.run(kernels).firstDifference(from: expected(test)) { _ in tolerance() }
      return difference.map { "\(test): number \($0)" }
    }
  }
}

/// Some tiles of an input; gaps between pixels are NaN.
private struct WinogradInputCase: CustomStringConvertible {
  let channels, height, width, padTop, padLeft, columns, pixel, row: Int
  let tiles: Range<Int>
  let x: Floats

  init(using random: inout SplitMix64) {
    channels = 16 * .random(in: 1...4, using: &random)
    height = .random(in: 3...14, using: &random)
    width = .random(in: 3...14, using: &random)
    padTop = .random(in: 0...2, using: &random)
    padLeft = .random(in: 0...2, using: &random)
    columns = (width + 2 * padLeft - 2 + 3) / 4
    let all = columns * ((height + 2 * padTop - 2 + 3) / 4)
    let begin = Int.random(in: 0..<all, using: &random)
    tiles = begin..<Int.random(in: begin + 1...all, using: &random)
    pixel = channels + .random(in: 0...5, using: &random)
    row = width * pixel + .random(in: 0...5, using: &random)
    x = Floats(height * row, fill: .nan)
    for y in 0..<height {
      x.randomize(rows: width, from: y * row, stride: pixel, columns: channels, using: &random)
    }
  }

  var description: String {
    "channels \(channels) input \(height) x \(width) pads \(padTop) \(padLeft) tiles \(tiles)"
  }

  func run(_ kernels: sd_kernels) -> Floats {
    let v = Floats(36 * tiles.count * channels)
    var arguments = unsafe sd_f32_winograd_input_args()
    unsafe arguments.channels = channels
    unsafe arguments.in_height = height
    unsafe arguments.in_width = width
    unsafe arguments.pad_top = padTop
    unsafe arguments.pad_left = padLeft
    unsafe arguments.columns = columns
    unsafe arguments.begin = tiles.lowerBound
    unsafe arguments.end = tiles.upperBound
    unsafe arguments.x = UnsafePointer(x.start)
    unsafe arguments.x_pixel_stride = pixel
    unsafe arguments.x_row_stride = row
    unsafe arguments.v = v.start
    unsafe kernels.f32_winograd_input(&arguments)
    return v
  }

  func naive() -> Floats {
    let v = Floats(36 * tiles.count * channels)
    for (index, tile) in tiles.enumerated() {
      for channel in 0..<channels {
        let block = (0..<6).map { i in
          (0..<6).map { j in
            let (y, z) = (tile / columns * 4 - padTop + i, tile % columns * 4 - padLeft + j)
            guard (0..<height).contains(y), (0..<width).contains(z) else { return 0.0 }
            return Double(x[y * row + z * pixel + channel])
          }
        }
        for (i, line) in Matrices.applied(Matrices.input, block).enumerated() {
          for (j, value) in line.enumerated() {
            v[((6 * i + j) * tiles.count + index) * channels + channel] = Float(value)
          }
        }
      }
    }
    return v
  }
}

/// Products of tiles that become outputs, with and without a residual.
struct WinogradOutputCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 33, 24, 1...20, scalar) {
      $0.naive()
    } tolerance: {
      1e-3
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 34, 120, 1...70, vector) {
      $0.run(scalar)
    } tolerance: {
      0
    }
  }

  private func failures(
    seed: UInt64, _ count: Int, _ channels: ClosedRange<Int>, _ kernels: sd_kernels,
    _ expected: (WinogradOutputCase) -> Floats, tolerance: () -> Float
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return (0..<count).compactMap { _ in
      let test = WinogradOutputCase(channels: channels, using: &random)
      let difference = test.run(kernels).firstDifference(from: expected(test)) { _ in tolerance() }
      return difference.map { "\(test): number \($0)" }
    }
  }
}

/// Some tiles of an output.
private struct WinogradOutputCase: CustomStringConvertible {
  let channels, height, width, columns, stride, pixel, row: Int
  let tiles: Range<Int>
  let m, bias, residual: Floats
  let hasResidual: Bool
  let activation: sd_activation

  init(channels: ClosedRange<Int>, using random: inout SplitMix64) {
    self.channels = .random(in: channels, using: &random)
    height = .random(in: 1...13, using: &random)
    width = .random(in: 1...13, using: &random)
    columns = (width + 3) / 4
    let all = columns * ((height + 3) / 4)
    let begin = Int.random(in: 0..<all, using: &random)
    tiles = begin..<Int.random(in: begin + 1...all, using: &random)
    stride = self.channels + .random(in: 0...5, using: &random)
    pixel = self.channels + .random(in: 0...5, using: &random)
    row = width * pixel + .random(in: 0...5, using: &random)
    m = Floats(random: 36 * tiles.count * stride, using: &random)
    bias = Floats(random: self.channels, using: &random)
    residual = Floats(random: height * row, using: &random)
    hasResidual = .random(using: &random)
    activation = activations.randomElement(using: &random) ?? SD_ACTIVATION_NONE
  }

  var description: String {
    "channels \(channels) output \(height) x \(width) tiles \(tiles) residual \(hasResidual) "
      + "activation \(activation.rawValue)"
  }

  func run(_ kernels: sd_kernels) -> Floats {
    let y = Floats(height * row)
    var arguments = unsafe sd_f32_winograd_output_args()
    unsafe arguments.channels = channels
    unsafe arguments.out_height = height
    unsafe arguments.out_width = width
    unsafe arguments.columns = columns
    unsafe arguments.begin = tiles.lowerBound
    unsafe arguments.end = tiles.upperBound
    unsafe arguments.m = UnsafePointer(m.start)
    unsafe arguments.m_stride = stride
    unsafe arguments.bias = UnsafePointer(bias.start)
    unsafe arguments.residual = hasResidual ? UnsafePointer(residual.start) : nil
    unsafe arguments.residual_pixel_stride = pixel
    unsafe arguments.residual_row_stride = row
    unsafe arguments.y = y.start
    unsafe arguments.y_pixel_stride = pixel
    unsafe arguments.y_row_stride = row
    unsafe arguments.activation = activation
    unsafe kernels.f32_winograd_output(&arguments)
    return y
  }

  func naive() -> Floats {
    let y = Floats(height * row)
    for (index, tile) in tiles.enumerated() {
      for channel in 0..<channels {
        let block = (0..<6).map { i in
          (0..<6).map { j in
            Double(m[((6 * i + j) * tiles.count + index) * stride + channel])
          }
        }
        for (i, line) in Matrices.applied(Matrices.output, block).enumerated() {
          for (j, value) in line.enumerated() {
            let (top, left) = (tile / columns * 4 + i, tile % columns * 4 + j)
            guard top < height, left < width else { continue }
            let place = top * row + left * pixel + channel
            y[place] =
              activated(Float(value) + bias[channel], activation)
              + (hasResidual ? residual[place] : 0)
          }
        }
      }
    }
    return y
  }
}
