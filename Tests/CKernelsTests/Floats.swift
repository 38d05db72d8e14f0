import TestSupport

/// Single precision numbers at an address that is a multiple of four bytes only, between guards.
@safe
final class Floats: Numbers {
  /// Fills outputs, so that a number left unwritten or written too much shows.
  static let poison: Float = 12_345.678
  private static let guardCount = 37

  let count: Int
  private let base: UnsafeMutablePointer<Float>

  init(_ count: Int, fill: Float) {
    self.count = count
    let total = count + 2 * Self.guardCount
    unsafe base = .allocate(capacity: total)
    unsafe base.initialize(repeating: fill, count: total)
  }

  convenience init(_ count: Int) { self.init(count, fill: Self.poison) }

  /// All of them NaN.
  static func nan(_ count: Int) -> Floats { Floats(count, fill: .nan) }

  convenience init(random count: Int, scale: Float = 1, using random: inout SplitMix64) {
    self.init(count)
    randomize(0..<count, scale: scale, using: &random)
  }

  convenience init(copying other: Floats) {
    self.init(other.count)
    let total = count + 2 * Self.guardCount
    unsafe base.update(from: other.base, count: total)
  }

  deinit { unsafe base.deallocate() }

  /// The first number.
  var start: UnsafeMutablePointer<Float> { unsafe base + Self.guardCount }

  subscript(index: Int) -> Float {
    get { unsafe start[index] }
    set { unsafe start[index] = newValue }
  }

  /// Fills a range with numbers between `-scale` and `scale`.
  func randomize(_ range: Range<Int>, scale: Float = 1, using random: inout SplitMix64) {
    // Two a draw: drawing is what a debug build spends its time on.
    var index = range.lowerBound
    while index < range.upperBound {
      let bits = random.next()
      self[index] = scale * (Float(bits >> 40) * 0x1p-23 - 1)
      if index + 1 < range.upperBound {
        self[index + 1] = scale * (Float(bits & 0xFF_FFFF) * 0x1p-23 - 1)
      }
      index += 2
    }
  }

  /// Fills the first `columns` numbers of each of `rows` rows that are `stride` apart.
  func randomize(
    rows: Int, from start: Int = 0, stride: Int, columns: Int, using random: inout SplitMix64
  ) {
    for row in 0..<rows {
      let first = start + row * stride
      randomize(first..<first + columns, using: &random)
    }
  }

  /// A copy with the absolute value of each number.
  func magnitudes() -> Floats {
    let result = Floats(copying: self)
    for index in 0..<count { result[index] = result[index].magnitude }
    return result
  }

  /// Index of the first number, guards included, that is neither the same nor within `tolerance`.
  ///
  /// Two NaN are the same. On AArch64, whose minimum and maximum order the zeros, so are two zeros.
  func firstDifference(from other: Floats, tolerance: (Int) -> Float = { _ in 0 }) -> Int? {
    for index in -Self.guardCount..<count + Self.guardCount {
      let (a, b) = (self[index], other[index])
      if a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN) { continue }
      #if arch(arm64)
      if a == b { continue }
      #endif
      guard (0..<count).contains(index), (a - b).magnitude <= tolerance(index) else { return index }
    }
    return nil
  }
}
