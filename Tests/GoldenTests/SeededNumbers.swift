import TestSupport

/// The numbers that `scripts/golden/seeded.py` generates, bit for bit: see Tests/Golden/README.md.
enum SeededNumbers {
  /// The 64-bit FNV-1a hash of the text's UTF-8 bytes.
  static func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// The first `count` values of the tensor `name`, each in -1..<1 times `limit`.
  static func uniform(_ name: String, count: Int, limit: Float = 1) -> [Float] {
    var random = SplitMix64(seed: fnv1a(name))
    return (0..<count).map { _ in
      (Float(random.next() >> 40) / 0x1p24 * 2 - 1) * limit
    }
  }

  /// The weights (`NAME.weight`, uniform within the square root of 6 over the fan-in) or biases
  /// (`NAME.bias`, within a quarter) of a layer.
  static func tensor(_ name: String, _ shape: [Int]) -> [Float] {
    let count = shape.reduce(1, *)
    guard name.hasSuffix(".weight") else { return uniform(name, count: count, limit: 0.25) }
    let fanIn = Double(shape.dropFirst().reduce(1, *))
    return uniform(name, count: count, limit: Float((6 / fanIn).squareRoot()))
  }
}
