public import Layers

/// How close values have to be: `|found - expected| <= absolute + relative * |expected|`.
public struct VerificationOptions: Hashable, Sendable {
  /// The difference that is always allowed.
  public var absolute: Float
  /// The additional difference that is allowed per unit of the expected value.
  public var relative: Float
  /// The instruction set to run with.
  public var isa: InstructionSet

  /// Creates options; the defaults are several times the rounding noise of FP32 in a MobileNet.
  public init(absolute: Float = 2e-4, relative: Float = 1e-4, isa: InstructionSet = .best) {
    self.absolute = absolute
    self.relative = relative
    self.isa = isa
  }
}

/// One reference tensor compared with the model's.
public struct TensorComparison: Hashable, Sendable {
  /// Name in the reference file.
  public let name: String
  /// Shape in the reference file, slowest dimension first.
  public let shape: [Int]
  /// The largest difference; infinity if a value is not finite, or the number of values differs.
  public let largestDifference: Float
  /// Where the largest difference is; `nil` if nothing was compared.
  public let index: [Int]?
  /// The reference's value there.
  public let expected: Float
  /// The model's value there.
  public let found: Float
  /// Number of values out of tolerance.
  public let outside: Int
  /// Why nothing could be compared, as a sentence; `nil` if it was.
  public let mismatch: String?

  /// Whether every value is within tolerance.
  public var isWithin: Bool { outside == 0 && mismatch == nil }
}

/// A reference tensor that was not compared.
public struct SkippedTensor: Hashable, Sendable {
  /// Name in the reference file.
  public let name: String
  /// The reason, as a sentence.
  public let reason: String
}

/// The result of running a reference file through a model.
public struct Verification: Hashable, Sendable {
  /// Tensors that were compared, by name.
  public var comparisons: [TensorComparison] = []
  /// Tensors that were not compared, by name.
  public var skipped: [SkippedTensor] = []

  /// Whether something was compared and all of it is within tolerance.
  public var passed: Bool { !comparisons.isEmpty && comparisons.allSatisfy(\.isWithin) }
}

/// The range of a model's output for a random input.
public struct OutputRange: Hashable, Sendable {
  /// Name of the output.
  public let name: String
  /// Rows and columns.
  public let shape: [Int]
  /// Smallest value.
  public let minimum: Float
  /// Largest value.
  public let maximum: Float
  /// Number of values that are infinite or NaN.
  public let notFinite: Int
}

extension TensorComparison {
  /// Compares `found` with the reference `expected`.
  static func comparing(
    _ expected: StoredTensor, found: [Float], _ options: VerificationOptions
  ) -> TensorComparison {
    let numbers = expected.floats()
    guard numbers.count == found.count, !found.isEmpty else {
      return TensorComparison(
        name: expected.name, shape: expected.shape, largestDifference: .infinity, index: nil,
        expected: .nan, found: .nan, outside: 0,
        mismatch:
          "the model computes \(found.count) values, but the reference has \(numbers.count)")
    }
    var worst = 0
    var largest: Float = -1
    var outside = 0
    for index in numbers.indices {
      let distance = (found[index] - numbers[index]).magnitude
      let difference = distance.isNaN ? .infinity : distance
      if difference > largest { (worst, largest) = (index, difference) }
      if difference > options.absolute + options.relative * numbers[index].magnitude
        || !numbers[index].isFinite
      {
        outside += 1
      }
    }
    return TensorComparison(
      name: expected.name, shape: expected.shape, largestDifference: largest,
      index: index(of: worst, in: expected.shape), expected: numbers[worst], found: found[worst],
      outside: outside, mismatch: nil)
  }

  private static func index(of position: Int, in shape: [Int]) -> [Int] {
    var rest = position
    var index: [Int] = []
    for side in shape.reversed() {
      index.append(rest % side)
      rest /= side
    }
    return index.reversed()
  }
}
