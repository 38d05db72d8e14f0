#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The weights of a pointwise convolution for Strassen's product: factors, and a plan's seven
/// matrices `[columns][inputs]` in the order in which `Executor` uses them.
///
/// See `sd_strassen.h` for the names of the quarters and the reason for the factors.
struct StrassenWeights {
  private(set) var matrices: [[Float]]
  /// What the right half of the input is multiplied by; powers of two.
  private(set) var inputScale: [Float]
  /// What the right half of the output is multiplied by; powers of two.
  private(set) var outputScale: [Float]

  /// Combines weights `[outputs][inputs]`, in double precision.
  init(_ values: [Float], outputs: Int, inputs: Int, _ plan: StrassenPlan) {
    let (half, columns) = (plan.inputs, plan.columns)
    func weight(_ output: Int, _ input: Int) -> Double {
      output < outputs ? Double(values[output * inputs + input]) : 0
    }
    let outputScale = (0..<columns).map { column in
      balance(0..<inputs) { (weight(column, $0), weight(column + columns, $0)) }
    }
    let inputScale = (0..<half).map { input in
      balance(0..<2 * columns) { output in
        let scale = output < columns ? 1 : 1 / Double(outputScale[output - columns])
        return (weight(output, input) * scale, weight(output, input + half) * scale)
      }
    }
    var matrices = [[Float]](
      repeating: [Float](repeating: 0, count: columns * half), count: StrassenPlan.products)
    for column in 0..<columns {
      let right = 1 / Double(outputScale[column])
      for input in 0..<half {
        let lower = Double(inputScale[input])
        let (k, l) = (weight(column, input), weight(column + columns, input) * right)
        let m = weight(column, input + half) / lower
        let n = weight(column + columns, input + half) * right / lower
        let combined = [l - k, k, n - l + k, m * lower, n - l, -(n - l + k - m) * lower, n]
        for (index, value) in combined.enumerated() {
          matrices[index][column * half + input] = Float(value)
        }
      }
    }
    self.matrices = matrices
    self.inputScale = inputScale
    self.outputScale = outputScale
  }
}

/// The power of two closest to the ratio of the lengths of two vectors: the second to the first; 1
/// if one of them is zero.
private func balance(_ range: Range<Int>, _ pair: (Int) -> (Double, Double)) -> Float {
  var (first, second) = (0.0, 0.0)
  for index in range {
    let (x, y) = pair(index)
    first += x * x
    second += y * y
  }
  guard first > 0, second > 0 else { return 1 }
  // A channel that is so much smaller than its partner doesn't matter, but must not overflow.
  let exponent = min(max((0.5 * log2(second / first)).rounded(), -32), 32)
  return Float(sign: .plus, exponent: Int(exponent), significand: 1)
}
