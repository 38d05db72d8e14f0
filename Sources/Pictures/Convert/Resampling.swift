/// How a picture is scaled along one axis: which inputs make up each output, with what weights.
///
/// The filter is a triangle around each output's centre, two outputs wide if the picture shrinks
/// and two inputs wide if it grows: bilinear interpolation that averages when it shrinks.
/// Positions, omitted weights and rounding are those of libswscale's bilinear filter, to give the
/// same bytes.
struct Resampling {
  let inputs: Int
  let outputs: Int
  /// The number of inputs for each output.
  let taps: Int
  /// The first input of each output; never decreases, and `first + taps` is at most `inputs`.
  let first: [Int32]
  /// A row of `taps` weights for each output, which add up to `unity`.
  let weights: [Int16]

  /// Computes weights that add up to `unity`, which is at most 16384.
  ///
  /// The number of taps is rounded up to a multiple of `multiple`, but a single tap stays single if
  /// `multiple` is 2. Returns `nil` if the picture is too small or shrinks too much for this to pay
  /// off.
  init?(from inputs: Int, to outputs: Int, unity: Int, multiple: Int) {
    guard inputs >= 4, (1...16384).contains(outputs), inputs <= outputs * 32 else { return nil }
    var triangles = Triangles(from: inputs, to: outputs)
    let needed = triangles.trim()
    let taps =
      needed == 1 && multiple == 2 ? 1 : (needed + multiple - 1) / multiple * multiple
    guard taps <= inputs else { return nil }
    self.inputs = inputs
    self.outputs = outputs
    self.taps = taps
    var first: [Int32] = []
    var weights: [Int16] = []
    first.reserveCapacity(outputs)
    weights.reserveCapacity(outputs * taps)
    for output in 0..<outputs {
      let begin = min(max(triangles.first[output], 0), inputs - taps)
      first.append(Int32(begin))
      let exact = triangles.weights(of: output, from: begin, taps: taps, inputs: inputs)
      weights += Self.rounded(exact, unity: unity)
    }
    self.first = first
    self.weights = weights
  }

  /// Integer weights that add up to `unity`; each rounding error is passed on to the next weight.
  private static func rounded(_ exact: [Int], unity: Int) -> [Int16] {
    let step = max(1, (exact.reduce(0, +) + unity / 2) / unity)
    var rest = 0
    return exact.map { weight in
      let wanted = weight + rest
      let whole = (wanted + (wanted < 0 ? -step : step) / 2) / step
      rest = wanted - whole * step
      return Int16(clamping: whole)
    }
  }
}

/// The triangle filters of all outputs, before weights are rounded.
private struct Triangles {
  /// The weight of an input at the centre of the triangle, before scaling.
  private static let peak = 1 << 30
  /// Extra bits that keep rounding errors far below the last bit of a rounded weight.
  private static let scaling = 20

  /// The first input of each output; may lie outside the picture.
  private(set) var first: [Int] = []
  /// A row of `reach` weights for each output.
  private var weights: [Int] = []
  private let reach: Int

  init(from inputs: Int, to outputs: Int) {
    // Positions have 17 fractional bits; 0 is the centre of the first input.
    let increment = ((inputs << 16) + outputs / 2) / outputs
    if abs(increment - (1 << 16)) < 10 {
      reach = 1
      first = Array(0..<outputs).map { min($0, inputs - 1) }
      weights = Array(repeating: Self.peak, count: outputs)
      return
    }
    let isShrunk = increment > (1 << 16)
    let widest = isShrunk ? 1 + (2 * inputs + outputs - 1) / outputs : 3
    reach = max(1, min(widest, inputs - 2))
    var centre = increment - (1 << 16)
    for _ in 0..<outputs {
      let begin = (centre - ((reach - 2) << 16)) / (1 << 17)
      first.append(begin)
      for input in begin..<begin + reach {
        var distance = abs((input << 17) - centre) << 13
        if isShrunk { distance = distance * outputs / inputs }
        weights.append(max(0, Self.peak - distance))
      }
      centre += 2 * increment
    }
  }

  /// Drops negligible weights at the start of each triangle, and returns how many inputs the widest
  /// triangle needs without negligible weights at its end.
  mutating func trim() -> Int {
    let negligible = Self.peak / 500
    var needed = 0
    for output in first.indices.reversed() {
      let row = output * reach..<(output + 1) * reach
      var dropped = 0
      var sum = 0
      for place in row {
        sum += weights[place]
        // The first inputs of neighbouring outputs must stay in order.
        let isNext = output + 1 < first.count && first[output] + dropped >= first[output + 1]
        if sum > negligible || isNext { break }
        dropped += 1
      }
      first[output] += dropped
      let kept = Array(weights[row].dropFirst(dropped))
      weights.replaceSubrange(row, with: kept + Array(repeating: 0, count: dropped))
      var count = reach
      sum = 0
      for place in row.dropFirst().reversed() {
        sum += weights[place]
        if sum > negligible { break }
        count -= 1
      }
      needed = max(needed, count)
    }
    return needed
  }

  /// The weights of the inputs from `begin` on; weights outside the picture go to its outermost
  /// inputs.
  func weights(of output: Int, from begin: Int, taps: Int, inputs: Int) -> [Int] {
    var result = Array(repeating: 0, count: taps)
    for tap in 0..<min(taps, reach) {
      let input = min(max(first[output] + tap, 0), inputs - 1)
      result[input - begin] += weights[output * reach + tap] << Self.scaling
    }
    return result
  }
}
