/// Where the elements of a tensor are, in the order of its shape, if each axis has its own stride.
struct StridedPositions: Sequence, IteratorProtocol {
  private let shape: [Int]
  private let strides: [Int]
  private var index: [Int]
  private var position: Int
  private var left: Int

  /// - Precondition: the product of `shape` is a number that fits an `Int`.
  init(shape: [Int], strides: [Int], offset: Int = 0) {
    self.shape = shape
    self.strides = strides
    index = [Int](repeating: 0, count: shape.count)
    position = offset
    left = shape.reduce(1, *)
  }

  var underestimatedCount: Int { left }

  mutating func next() -> Int? {
    guard left > 0 else { return nil }
    left -= 1
    let result = position
    // Counts like an odometer, with the last axis fastest.
    for axis in shape.indices.reversed() where shape[axis] > 1 {
      index[axis] += 1
      position += strides[axis]
      if index[axis] < shape[axis] { break }
      position -= index[axis] * strides[axis]
      index[axis] = 0
    }
    return result
  }
}
