/// What an ONNX file may make the program hold and do; MobileNets need a hundredth of it.
///
/// docs/onnx.md states these numbers.
enum ImportLimits {
  /// Bytes of the file: 512 MiB.
  static let file = 512 << 20
  /// Bytes of what its messages become, apart from numbers that stay in the file: 512 MiB.
  static let messages = 512 << 20
  /// Numbers of the file's tensors that the graph reads; they are held in double precision.
  static let stored = 1 << 26
  /// Numbers of one constant that is computed.
  static let constant = 1 << 24
  /// Numbers of all constants and weights that are computed.
  static let computed = 1 << 26
  /// Numbers of the model's weights and constants.
  static let written = 1 << 26
  /// Steps of computing constants that give no number.
  static let steps = 1 << 28
  /// Outputs of the graph, each of which may belong to any other.
  static let outputs = 1000
  /// Tensors of a TensorFlow Lite file, and how often its operators name one.
  static let tensors = 100_000
  static let references = 1_000_000
  /// Dimensions of a tensor.
  static let rank = 16
}

/// Counts the bytes that the messages of a file become.
final class WireBudget {
  private var left: Int

  init(_ bytes: Int = ImportLimits.messages) { left = bytes }

  /// - Throws: `WireFault` if the file needs more than it may.
  func spend(_ bytes: Int) throws(WireFault) {
    let (rest, overflows) = left.subtractingReportingOverflow(max(bytes, 0))
    guard !overflows, rest >= 0 else {
      throw WireFault(
        message: "Its messages take more than \(ImportLimits.messages >> 20) MiB of memory.",
        isTooLarge: true)
    }
    left = rest
  }
}

/// What is left of what a graph may make the converter hold and do.
struct ImportBudget {
  /// What numbers are for.
  enum Use {
    case stored, computed, written
  }

  private var numbers = [
    Use.stored: ImportLimits.stored, .computed: ImportLimits.computed,
    .written: ImportLimits.written,
  ]
  private var steps = ImportLimits.steps

  /// Takes room for `count` numbers; returns whether there was enough.
  mutating func take(_ count: Int, for use: Use) -> Bool {
    guard let left = numbers[use], count >= 0, count <= left else { return false }
    numbers[use] = left - count
    return true
  }

  /// Takes `count` steps; returns whether they were left.
  mutating func step(_ count: Int) -> Bool {
    guard count >= 0, count <= steps else { return false }
    steps -= count
    return true
  }
}

/// Number of elements in a tensor of `shape`, or `nil` if a dimension is negative, there are more
/// than ``ImportLimits/rank``, or the product of those that aren't zero is above `limit`.
///
/// A zero must not hide a product that overflows elsewhere.
func shapeCount(_ shape: [Int], atMost limit: Int = ImportLimits.stored) -> Int? {
  guard shape.count <= ImportLimits.rank else { return nil }
  var product = 1
  for side in shape where side != 0 {
    let (next, overflows) = product.multipliedReportingOverflow(by: side)
    guard side > 0, !overflows, next <= limit else { return nil }
    product = next
  }
  return shape.contains(0) ? 0 : product
}
