internal import Layers

extension Network {
  /// A network with random weights, the same for the same seed.
  ///
  /// For 8-bit integers it is calibrated on an image of noise.
  ///
  /// - Throws: Whatever building the network throws.
  static func withRandomWeights(
    _ graph: Graph, _ precision: Precision, _ normalization: Normalization, seed: UInt64,
    frameThreads: Int = 1
  ) throws -> Network {
    func weights() -> (String, [Int]) -> [Float] {
      var random = SeededGenerator(seed: seed)
      return { _, shape in randomWeights(shape, using: &random) }
    }
    let numerics: Numerics
    switch precision {
    case .fp32: numerics = .float32
    case .bf16: numerics = .bfloat16
    case .int8:
      var observer = try RangeObserver(graph: graph, weights: weights())
      observer.session.fillWithNoise(normalization)
      observer.run()
      numerics = .integer(observer.quantization)
    }
    return try Network(
      graph: graph, numerics: numerics, pixels: normalization, frameThreads: frameThreads,
      weights: weights())
  }
}

/// A small seeded generator, so that a benchmark can be repeated.
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

/// Random weights, scaled so that feature maps keep their magnitude from layer to layer.
///
/// Denormals and infinities would distort the timing: He et al. 2015, arXiv:1502.01852, eq. 10.
private func randomWeights(_ shape: [Int], using random: inout SeededGenerator) -> [Float] {
  let count = shape.reduce(1, *)
  // A bias has no fan-in; zero is what networks start with.
  guard shape.count > 1 else { return [Float](repeating: 0, count: count) }
  let fanIn = max(shape.dropFirst().reduce(1, *), 1)
  let bound = (6 / Float(fanIn)).squareRoot()
  return (0..<count).map { _ in Float.random(in: -bound...bound, using: &random) }
}
