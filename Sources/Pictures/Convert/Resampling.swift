/// How one side of a picture is scaled: which inputs make each output, and with what weights.
///
/// A triangle over each output's centre, as wide as two outputs where the picture shrinks and as two
/// inputs where it grows: bilinear interpolation that averages what falls together. Positions, what
/// is left out and the rounding of weights are those of libswscale's bilinear filter, so that the
/// same bytes come out.
struct Resampling {
  let inputs: Int
  let outputs: Int
  /// Inputs that an output is made of.
  let taps: Int
  /// The first input of each output; rises, and `first + taps` is at most `inputs`.
  let first: [Int32]
  /// Rows of `taps` weights, one an output, that add up to `unity`.
  let weights: [Int16]

  /// Finds weights that add up to `unity`, at most 16384, with a number of taps that is a `multiple`, or
  /// one that remains one of two.
  ///
  /// Gives up, with `nil`, where the picture is too small or shrinks too much for this to pay.
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

  /// Whole weights that add up to `unity`; what one loses in rounding the next one gets.
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

/// The triangles of all outputs, before weights are rounded.
private struct Triangles {
  /// Weight of an input directly under the tip, before the scaling below.
  private static let tip = 1 << 30
  /// Keeps what rounding loses far below the last place of a rounded weight.
  private static let scaling = 20

  /// The first input of each output; may lie outside the picture.
  private(set) var first: [Int] = []
  /// Rows of `reach` weights, one an output.
  private var weights: [Int] = []
  private let reach: Int

  init(from inputs: Int, to outputs: Int) {
    // Positions have 17 binary places, 0 is the centre of the first input.
    let increment = ((inputs << 16) + outputs / 2) / outputs
    if abs(increment - (1 << 16)) < 10 {
      reach = 1
      first = Array(0..<outputs).map { min($0, inputs - 1) }
      weights = Array(repeating: Self.tip, count: outputs)
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
        weights.append(max(0, Self.tip - distance))
      }
      centre += 2 * increment
    }
  }

  /// Drops weights that hardly count in front of each triangle, and returns how many inputs the widest
  /// one needs without those behind it.
  mutating func trim() -> Int {
    let negligible = Self.tip / 500
    var needed = 0
    for output in first.indices.reversed() {
      let row = output * reach..<(output + 1) * reach
      var dropped = 0
      var sum = 0
      for place in row {
        sum += weights[place]
        // The firsts of neighbours stay in order.
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

  /// The weights of the inputs from `begin` on; those of inputs outside count for the outermost ones.
  func weights(of output: Int, from begin: Int, taps: Int, inputs: Int) -> [Int] {
    var result = Array(repeating: 0, count: taps)
    for tap in 0..<min(taps, reach) {
      let input = min(max(first[output] + tap, 0), inputs - 1)
      result[input - begin] += weights[output * reach + tap] << Self.scaling
    }
    return result
  }
}
