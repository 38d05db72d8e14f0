import TestSupport

/// Numbers in bfloat16 that end where a page begins that no one may touch.
@safe
final class BFloats: Numbers {
  private static let guardCount = 32

  let count: Int
  private let bytes: Bytes

  init(_ count: Int) {
    self.count = count
    bytes = Bytes(2 * count)
    unsafe start = UnsafeMutableRawPointer(bytes.start).bindMemory(
      to: UInt16.self, capacity: count)
  }

  convenience init(copying other: BFloats) {
    self.init(other.count)
    unsafe start.update(from: other.start, count: count)
  }

  /// All of them NaN.
  static func nan(_ count: Int) -> BFloats {
    let result = BFloats(count)
    for index in 0..<count { result[index] = .nan }
    return result
  }

  let start: UnsafeMutablePointer<UInt16>

  /// The number at `index`; what is written is rounded.
  subscript(index: Int) -> Float {
    get { unsafe Float(bitPattern: UInt32(start[index]) << 16) }
    set { unsafe start[index] = roundedBits(newValue) }
  }

  /// Fills the first `columns` numbers of each of `rows` rows with numbers between -1 and 1.
  func randomize(
    rows: Int, from start: Int = 0, stride: Int, columns: Int, using random: inout SplitMix64
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        self[start + row * stride + column] = Float(random.next() >> 40) * 0x1p-23 - 1
      }
    }
  }

  func magnitudes() -> BFloats {
    let result = BFloats(copying: self)
    for index in 0..<count { unsafe result.start[index] &= 0x7FFF }
    return result
  }

  /// Index of the first number, those before the first included, that is neither the same nor
  /// within `tolerance`.
  func firstDifference(from other: BFloats, tolerance: (Int) -> Float = { _ in 0 }) -> Int? {
    for index in -Self.guardCount..<count {
      if unsafe start[index] == other.start[index] { continue }
      let (a, b) = (self[index], other[index])
      if a.isNaN && b.isNaN { continue }
      guard index >= 0, (a - b).magnitude <= tolerance(index) else { return index }
    }
    return nil
  }
}

/// The upper half of the nearest number that has only an upper half, ties to even.
///
/// By distance, not by the bits as the kernels do it.
func roundedBits(_ x: Float) -> UInt16 {
  let below = UInt16(x.bitPattern >> 16)
  if !x.isFinite { return x.isNaN ? below | 0x40 : below }
  // Next away from zero; after the largest comes infinity, which rounding takes for 2^128.
  let above = below + 1
  let (low, high) = (value(below), above & 0x7FFF == 0x7F80 ? 0x1p128 : value(above))
  let (left, right) = (Double(x.magnitude) - low, high - Double(x.magnitude))
  return left < right || (left == right && below % 2 == 0) ? below : above
}

/// The nearest number in bfloat16.
func rounded(_ x: Float) -> Float { Float(bitPattern: UInt32(roundedBits(x)) << 16) }

private func value(_ bits: UInt16) -> Double {
  Double(Float(bitPattern: UInt32(bits & 0x7FFF) << 16))
}

/// The largest difference of two numbers near `x` that were rounded to bfloat16 after a difference
/// of `tolerance`.
func roundedTolerance(_ tolerance: Float, _ x: Float) -> Float {
  tolerance + 0x1p-7 * (x.magnitude + tolerance)
}

/// Memory for packed weights, on a cache line, with numbers after it that no one may change.
@safe
final class PackedHalves {
  private static let guardCount = 64
  let count: Int
  let start: UnsafeMutablePointer<UInt16>

  init(_ count: Int, _ pack: (UnsafeMutablePointer<UInt16>) -> Void) {
    self.count = count
    let total = count + Self.guardCount
    unsafe start = UnsafeMutableRawPointer.allocate(byteCount: 2 * total, alignment: 64)
      .bindMemory(to: UInt16.self, capacity: total)
    unsafe start.initialize(repeating: 0x5A5A, count: total)
    unsafe pack(start)
  }

  deinit { unsafe UnsafeMutableRawPointer(start).deallocate() }

  var numbers: [UInt16] { (0..<count).map { unsafe start[$0] } }
  var isGuardIntact: Bool {
    (count..<count + Self.guardCount).allSatisfy { unsafe start[$0] == 0x5A5A }
  }
}
