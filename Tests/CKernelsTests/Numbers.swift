import TestSupport

/// Numbers that are read and written as floats, whatever their type in memory.
protocol Numbers: AnyObject {
  init(_ count: Int)
  init(copying other: Self)
  static func nan(_ count: Int) -> Self
  var count: Int { get }
  subscript(index: Int) -> Float { get set }
  func randomize(
    rows: Int, from start: Int, stride: Int, columns: Int, using random: inout SplitMix64)
  func firstDifference(from other: Self, tolerance: (Int) -> Float) -> Int?
}
