/// A tensor whose values are known at import.
struct ConstantTensor {
  /// Dimensions, slowest first.
  var shape: [Int]
  /// Exact in every format that is read, except integers beyond 2⁵³.
  var values: [Double]
  /// Whether division truncates, as for sizes and indices.
  var isInteger: Bool

  init(shape: [Int], values: [Double], isInteger: Bool) {
    self.shape = shape
    self.values = values
    self.isInteger = isInteger
  }

  /// A list of integers.
  init(integers: [Int]) {
    self.init(shape: [integers.count], values: integers.map(Double.init), isInteger: true)
  }

  /// A single number.
  init(_ value: Double) { self.init(shape: [], values: [value], isInteger: false) }

  /// The values as integers, clamped to ±2⁶²; NaN becomes 0.
  var integers: [Int] {
    values.map { value in
      value.isNaN ? 0 : Int(min(max(value, -0x1p62), 0x1p62))
    }
  }

  /// The values in single precision.
  var floats: [Float] { values.map { Float($0) } }

  /// The value of a tensor with a single element.
  var scalar: Double? { values.count == 1 ? values[0] : nil }

  /// Stride along each axis.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.reversed().dropFirst() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }

  /// The values read with another shape and other strides.
  func gathered(_ shape: [Int], strides: [Int], offset: Int = 0) -> ConstantTensor {
    let positions = StridedPositions(shape: shape, strides: strides, offset: offset)
    return ConstantTensor(
      shape: shape, values: positions.map { values[$0] }, isInteger: isInteger)
  }

  /// The tensor with dimensions of 1 repeated until it has `shape`, or `nil` if it does not fit.
  func broadcast(to shape: [Int]) -> ConstantTensor? {
    let added = shape.count - self.shape.count
    guard added >= 0, shapeCount(shape) != nil else { return nil }
    var steps = [Int](repeating: 0, count: shape.count)
    for (axis, side) in self.shape.enumerated() {
      guard side == shape[added + axis] || side == 1 else { return nil }
      steps[added + axis] = side == 1 ? 0 : strides[axis]
    }
    return gathered(shape, strides: steps)
  }

  /// The two tensors combined elementwise, or `nil` if they do not broadcast.
  func combined(
    _ other: ConstantTensor, _ body: (Double, Double) -> Double
  ) -> ConstantTensor? {
    guard let shape = broadcastShape(shape, other.shape), let a = broadcast(to: shape),
      let b = other.broadcast(to: shape)
    else { return nil }
    return ConstantTensor(
      shape: shape, values: zip(a.values, b.values).map(body),
      isInteger: isInteger && other.isInteger)
  }
}

/// The shape of two tensors that are combined elementwise: dimensions of 1 repeat.
func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int]? {
  let rank = max(a.count, b.count)
  var shape: [Int] = []
  for axis in 0..<rank {
    let x = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
    let y = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
    guard x == y || x == 1 || y == 1 else { return nil }
    shape.append(x == 1 ? y : x)
  }
  return shape
}
