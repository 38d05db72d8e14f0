/// A view of a buffer as a tensor: a shape, and the stride along each axis.
///
/// Transposing, slicing and most reshaping only change the view and copy nothing.
struct TensorView: Hashable, Sendable {
  /// Index among the program's buffers.
  var buffer: Int
  /// First element.
  var offset = 0
  /// Dimensions, slowest first, none of them zero.
  var shape: [Int]
  /// Stride along each axis; 0 along an axis that repeats one element.
  var strides: [Int]

  /// A dense tensor.
  init(buffer: Int, shape: [Int]) {
    self.buffer = buffer
    self.shape = shape
    strides = []
    var stride = 1
    for side in shape.reversed() {
      strides.insert(stride, at: 0)
      stride *= side
    }
  }

  /// Number of elements.
  var count: Int { shape.reduce(1, *) }

  /// Whether the elements are contiguous in the buffer.
  var isContiguous: Bool {
    let dense = TensorView(buffer: buffer, shape: shape)
    return zip(shape, zip(strides, dense.strides)).allSatisfy { $0 == 1 || $1.0 == $1.1 }
  }

  /// The tensor whose axis `n` is axis `order[n]` of this one.
  func transposed(_ order: [Int]) -> TensorView {
    var view = self
    view.shape = order.map { shape[$0] }
    view.strides = order.map { strides[$0] }
    return view
  }

  /// `count` positions along `axis`, from `start` on, `step` apart.
  func sliced(_ axis: Int, start: Int, count: Int, step: Int = 1) -> TensorView {
    var view = self
    view.offset += start * strides[axis]
    view.shape[axis] = count
    view.strides[axis] *= step
    return view
  }

  /// The tensor with dimensions of 1 repeated and dimensions added in front, until it has `shape`.
  func broadcast(to shape: [Int]) -> TensorView {
    var view = self
    let added = shape.count - self.shape.count
    view.shape = shape
    view.strides = shape.indices.map { axis in
      axis < added || self.shape[axis - added] == 1 ? 0 : strides[axis - added]
    }
    return view
  }

  /// The same elements in the same order in another shape, or `nil` if they would have to be
  /// copied.
  ///
  /// - Precondition: Both shapes have the same number of elements.
  func reshaped(_ shape: [Int]) -> TensorView? {
    let old = zip(self.shape, strides).filter { $0.0 != 1 }
    let new = shape.indices.filter { shape[$0] != 1 }
    var result = self
    result.shape = shape
    result.strides = [Int](repeating: 0, count: shape.count)
    var (i, j) = (0, 0)
    while j < new.count {
      // The fewest dimensions of each shape whose products are equal.
      var (iEnd, jEnd) = (i + 1, j + 1)
      var (oldProduct, newProduct) = (old[i].0, shape[new[j]])
      while oldProduct != newProduct {
        if newProduct < oldProduct {
          newProduct *= shape[new[jEnd]]
          jEnd += 1
        } else {
          oldProduct *= old[iEnd].0
          iEnd += 1
        }
      }
      for k in i..<(iEnd - 1) where old[k].1 != old[k + 1].1 * old[k + 1].0 { return nil }
      var stride = old[iEnd - 1].1
      for k in (j..<jEnd).reversed() {
        result.strides[new[k]] = stride
        stride *= shape[new[k]]
      }
      (i, j) = (iEnd, jEnd)
    }
    return result
  }
}

/// The shape of two tensors that are combined elementwise: dimensions of 1 repeat.
///
/// - Returns: `nil` if the shapes do not match.
func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int]? {
  let rank = max(a.count, b.count)
  var shape: [Int] = []
  for axis in 0..<rank {
    let x = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
    let y = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
    guard x == y || x == 1 || y == 1 else { return nil }
    shape.append(max(x, y))
  }
  return shape
}
