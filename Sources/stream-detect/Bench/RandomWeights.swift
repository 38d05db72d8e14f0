/// A small seeded generator, so that a bench can be repeated.
///
/// SplitMix64 of Steele et al. 2014.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Weights of a tensor of `shape` that keep numbers at their size from layer to layer.
///
/// So neither denormals nor infinities disturb the timing: He et al. 2015, arXiv:1502.01852, eq. 10.
func randomWeights(_ shape: [Int], using random: inout SeededGenerator) -> [Float] {
  let count = shape.reduce(1, *)
  // A bias has no fan-in; zero is what networks start with.
  guard shape.count > 1 else { return [Float](repeating: 0, count: count) }
  let fanIn = max(shape.dropFirst().reduce(1, *), 1)
  let bound = (6 / Float(fanIn)).squareRoot()
  return (0..<count).map { _ in Float.random(in: -bound...bound, using: &random) }
}
