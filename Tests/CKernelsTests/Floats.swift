import TestSupport

/// Floats between guards, deliberately aligned to four bytes and no more.
@safe
final class Floats: Numbers {
  /// What outputs are filled with, to find numbers that a kernel missed or should not have written.
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

  /// All NaN.
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
    // Two numbers from each draw: drawing takes most of the time in a debug build.
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

  /// Index of the first number, including guards, that differs by more than `tolerance`.
  ///
  /// NaN equals NaN. On AArch64, where minimum and maximum take -0 for less than +0, so do zeros of
  /// either sign.
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
