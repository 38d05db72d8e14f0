import CKernels
import TestSupport

/// The sums of pixels, with halves that have their middle row in common and others.
struct StrassenInputCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 35, scalar) { $0.naive() }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 36, vector) { $0.run(scalar) }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels, _ expected: (StrassenInputCase) -> Floats
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return (0..<120).compactMap { _ in
      let test = StrassenInputCase(using: &random)
      return test.run(kernels).firstDifference(from: expected(test)) { _ in 0 }
        .map { "\(test): number \($0)" }
    }
  }
}

/// Rows of two halves; gaps between rows are NaN.
private struct StrassenInputCase: CustomStringConvertible {
  let rows, lower, channels, lda, stride: Int
  let x, scale: Floats

  init(using random: inout SplitMix64) {
    rows = .random(in: 1...7, using: &random)
    lower = rows - .random(in: 0...1, using: &random)
    channels = .random(in: 1...70, using: &random)
    lda = 2 * channels + .random(in: 0...5, using: &random)
    stride = channels + .random(in: 0...5, using: &random)
    x = Floats((lower + rows) * lda, fill: .nan)
    x.randomize(rows: lower + rows, stride: lda, columns: 2 * channels, using: &random)
    scale = Floats(random: channels, using: &random)
  }

  var description: String {
    "rows \(rows) lower \(lower) channels \(channels) lda \(lda) stride \(stride)"
  }

  func run(_ kernels: sd_kernels) -> Floats {
    let s = Floats(4 * rows * stride)
    var arguments = unsafe sd_f32_strassen_input_args(
      rows: rows, channels: channels, upper: x.start, lower: x.start + lower * lda, lda: lda,
      scale: scale.start, s: s.start, stride: stride)
    unsafe kernels.f32_strassen_input(&arguments)
    return s
  }

  func naive() -> Floats {
    let s = Floats(4 * rows * stride)
    for row in 0..<rows {
      for channel in 0..<channels {
        func pixel(_ row: Int, isRight: Bool) -> Float {
          let value = x[row * lda + channel + (isRight ? channels : 0)]
          return isRight ? value * scale[channel] : value
        }
        let (a, b) = (pixel(row, isRight: false), pixel(row, isRight: true))
        let (c, d) = (pixel(lower + row, isRight: false), pixel(lower + row, isRight: true))
        for (index, sum) in [c + d, c + d - a, a - c, b - (c + d - a)].enumerated() {
          s[(index * rows + row) * stride + channel] = sum
        }
      }
    }
    return s
  }
}

/// The sums of products, with and without a residual.
struct StrassenOutputCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 37, scalar) { $0.naive() }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 38, vector) { $0.run(scalar) }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels, _ expected: (StrassenOutputCase) -> Floats
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return (0..<120).compactMap { _ in
      let test = StrassenOutputCase(using: &random)
      return test.run(kernels).firstDifference(from: expected(test)) { _ in 0 }
        .map { "\(test): number \($0)" }
    }
  }
}

private struct StrassenOutputCase: CustomStringConvertible {
  let rows, lower, half, columns, ldr, ldy: Int
  let products, scale, bias, residual: Floats
  let hasResidual: Bool
  let activation: sd_activation

  init(using random: inout SplitMix64) {
    rows = .random(in: 1...7, using: &random)
    lower = rows - .random(in: 0...1, using: &random)
    half = .random(in: 1...70, using: &random)
    columns = .random(in: 1...2 * half, using: &random)
    ldr = columns + .random(in: 0...5, using: &random)
    ldy = columns + .random(in: 0...5, using: &random)
    products = Floats(random: 5 * rows * half, using: &random)
    scale = Floats(random: half, using: &random)
    bias = Floats(random: columns, using: &random)
    residual = Floats(random: (lower + rows) * ldr, using: &random)
    hasResidual = .random(using: &random)
    activation = activations.randomElement(using: &random) ?? SD_ACTIVATION_NONE
  }

  var description: String {
    "rows \(rows) lower \(lower) half \(half) columns \(columns) residual \(hasResidual) "
      + "activation \(activation.rawValue)"
  }

  func run(_ kernels: sd_kernels) -> Floats {
    let y = Floats((lower + rows) * ldy)
    var arguments = unsafe sd_f32_strassen_output_args(
      rows: rows, half: half, columns: columns, products: products.start, scale: scale.start,
      bias: bias.start, residual: hasResidual ? residual.start : nil, ldr: ldr, y: y.start,
      ldy: ldy, lower: lower, activation: activation)
    unsafe kernels.f32_strassen_output(&arguments)
    return y
  }

  func naive() -> Floats {
    let y = Floats((lower + rows) * ldy)
    func product(_ index: Int, _ row: Int, _ column: Int) -> Float {
      products[(index * rows + row) * half + column]
    }
    for (first, begin) in [(2, lower), (0, 0)] {
      for row in 0..<rows {
        for column in 0..<columns {
          let right = column - half
          let sum =
            column < half
            ? product(first, row, column)
            : scale[right] * (product(first + 1, row, right) + product(4, row, right))
          y[(begin + row) * ldy + column] =
            activated(sum + bias[column], activation)
            + (hasResidual ? residual[(begin + row) * ldr + column] : 0)
        }
      }
    }
    return y
  }
}
