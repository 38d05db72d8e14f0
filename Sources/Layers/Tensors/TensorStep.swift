/// An operation on two numbers.
enum Arithmetic: Hashable, Sendable {
  case add, subtract, multiply, divide
}

/// What the innermost loop of a tensor step computes.
enum TensorKind: Hashable, Sendable {
  case copy
  case function(ElementFunction)
  case arithmetic(Arithmetic)
  /// Exponentials of the elements of the last loop, divided by their sum.
  case softmax
  /// Mean of the elements of the last loop.
  case mean
  /// Sums of products over the last loop.
  case product
}

/// One of the nested loops of a step: its count, and the stride of each operand.
struct TensorLoop: Hashable, Sendable {
  var count: Int
  var output: Int
  var a: Int
  var b: Int
}

/// A place in a buffer.
struct TensorPlace: Hashable, Sendable {
  var buffer: Int
  var offset: Int
}

/// One operation on whole tensors, as nested loops.
struct TensorStep: Hashable, Sendable {
  var kind: TensorKind
  var output: TensorPlace
  var a: TensorPlace
  /// The second operand, or the first again if there is only one.
  var b: TensorPlace
  /// All loops but the innermost.
  var loops: [TensorLoop]
  var last: TensorLoop

  /// How often the innermost loop runs in all.
  var count: Double { loops.reduce(Double(last.count)) { $0 * Double($1.count) } }

  /// Creates the loops over operands of the same shape.
  ///
  /// Operations that need a whole axis work along the last one.
  init(_ kind: TensorKind, output: TensorView, a: TensorView, b: TensorView? = nil) {
    self.kind = kind
    self.output = TensorPlace(buffer: output.buffer, offset: output.offset)
    self.a = TensorPlace(buffer: a.buffer, offset: a.offset)
    let second = b ?? a
    self.b = TensorPlace(buffer: second.buffer, offset: second.offset)
    var all: [TensorLoop] = []
    for axis in output.shape.indices {
      let loop = TensorLoop(
        count: max(output.shape[axis], a.shape[axis]), output: output.strides[axis],
        a: a.strides[axis], b: second.strides[axis])
      all.append(loop)
    }
    if all.isEmpty { all = [TensorLoop(count: 1, output: 0, a: 0, b: 0)] }
    // Softmax, mean and product work along the last axis, which must not be merged.
    var kept: [TensorLoop] = []
    switch kind {
    case .softmax, .mean, .product: kept = [all.removeLast()]
    case .copy, .function, .arithmetic: break
    }
    all = Self.merged(all)
    if kept.isEmpty { kept = [all.popLast() ?? TensorLoop(count: 1, output: 0, a: 0, b: 0)] }
    loops = all
    last = kept[0]
  }

  /// Drops loops that run once, and merges two loops that move every operand evenly.
  private static func merged(_ loops: [TensorLoop]) -> [TensorLoop] {
    var result: [TensorLoop] = []
    for loop in loops where loop.count != 1 {
      if let outer = result.last, outer.output == loop.output * loop.count,
        outer.a == loop.a * loop.count, outer.b == loop.b * loop.count
      {
        result[result.count - 1] = loop
        result[result.count - 1].count *= outer.count
      } else {
        result.append(loop)
      }
    }
    return result
  }
}
