/// A tensor whose numbers are known at import.
struct ConstantTensor {
  /// Sides, slowest first.
  var shape: [Int]
  /// Every number of the formats that are read is exact, but for whole numbers beyond 2⁵³.
  var values: [Double]
  /// Whether division drops the rest, as for sizes and indices.
  var isInteger: Bool

  init(shape: [Int], values: [Double], isInteger: Bool) {
    self.shape = shape
    self.values = values
    self.isInteger = isInteger
  }

  /// A list of whole numbers.
  init(integers: [Int]) {
    self.init(shape: [integers.count], values: integers.map(Double.init), isInteger: true)
  }

  /// A number by itself.
  init(_ value: Double) { self.init(shape: [], values: [value], isInteger: false) }

  /// The numbers as whole ones; those out of range become the largest that can be.
  var integers: [Int] {
    values.map { value in
      value.isNaN ? 0 : Int(min(max(value, -0x1p62), 0x1p62))
    }
  }

  /// The numbers in single precision.
  var floats: [Float] { values.map { Float($0) } }

  /// The only number.
  var scalar: Double? { values.count == 1 ? values[0] : nil }

  /// Distance of neighbours along each side.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.reversed().dropFirst() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }

  /// The numbers read along other sides and strides.
  func gathered(_ shape: [Int], strides: [Int], offset: Int = 0) -> ConstantTensor {
    var result: [Double] = []
    let count = shape.reduce(1, *)
    result.reserveCapacity(count)
    var index = [Int](repeating: 0, count: shape.count)
    var place = offset
    for _ in 0..<count {
      result.append(values[place])
      for axis in shape.indices.reversed() {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= index[axis] * strides[axis]
        index[axis] = 0
      }
    }
    return ConstantTensor(shape: shape, values: result, isInteger: isInteger)
  }

  /// The tensor with sides of 1 repeated until it has `shape`; `nil` where it does not fit.
  func broadcast(to shape: [Int]) -> ConstantTensor? {
    let added = shape.count - self.shape.count
    guard added >= 0, let count = shapeCount(shape), count <= 1 << 26 else { return nil }
    var steps = [Int](repeating: 0, count: shape.count)
    for (axis, side) in self.shape.enumerated() {
      guard side == shape[added + axis] || side == 1 else { return nil }
      steps[added + axis] = side == 1 ? 0 : strides[axis]
    }
    return gathered(shape, strides: steps)
  }

  /// The two tensors combined number by number; `nil` where they do not fit.
  func combined(
    _ other: ConstantTensor, _ body: (Double, Double) -> Double
  ) -> ConstantTensor? {
    guard let shape = broadcastSides(shape, other.shape), let a = broadcast(to: shape),
      let b = other.broadcast(to: shape)
    else { return nil }
    return ConstantTensor(
      shape: shape, values: zip(a.values, b.values).map(body),
      isInteger: isInteger && other.isInteger)
  }
}

/// Numbers in a tensor of `shape`; `nil` where the product leaves `Int`.
func shapeCount(_ shape: [Int]) -> Int? {
  var count = 1
  for side in shape {
    guard side >= 0 else { return nil }
    let (product, overflows) = count.multipliedReportingOverflow(by: side)
    guard !overflows else { return nil }
    count = product
  }
  return count
}

/// The sides of two tensors that are combined number by number: sides of 1 repeat.
func broadcastSides(_ a: [Int], _ b: [Int]) -> [Int]? {
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
