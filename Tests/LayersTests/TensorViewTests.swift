import TestSupport
import Testing

@testable import Layers

/// Views of a buffer, compared with copies that move the elements at each step.
@Suite struct TensorViewTests {
  /// The positions that a view reads, in order.
  private func positions(_ view: TensorView) -> [Int] {
    var result = [view.offset]
    for (side, stride) in zip(view.shape, view.strides) {
      result = result.flatMap { start in (0..<side).map { start + $0 * stride } }
    }
    return result
  }

  @Test("transposed, sliced and reshaped views read the elements that copies would have")
  func views() throws {
    var random = SplitMix64(seed: 8)
    var copies = 0
    for _ in 0..<500 {
      var view = TensorView(buffer: 0, shape: [2, 3, 4, 6])
      var expected = Array(0..<144)
      for _ in 0..<4 {
        let shape = view.shape
        let before = TensorView(buffer: 0, shape: shape)
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
          let order = Array(shape.indices).shuffled(using: &random)
          expected = positions(before.transposed(order)).map { expected[$0] }
          view = view.transposed(order)
        case 1:
          let axis = Int.random(in: 0..<shape.count, using: &random)
          let start = Int.random(in: 0..<shape[axis], using: &random)
          let step = Int.random(in: 1...2, using: &random)
          let count = (shape[axis] - start + step - 1) / step
          expected = positions(before.sliced(axis, start: start, count: count, step: step))
            .map { expected[$0] }
          view = view.sliced(axis, start: start, count: count, step: step)
        default:
          let newShape = split(shape.reduce(1, *), &random)
          guard let reshaped = view.reshaped(newShape) else {
            // Contiguous elements never have to be copied.
            #expect(!view.isContiguous)
            copies += 1
            continue
          }
          view = reshaped
        }
        #expect(positions(view) == expected, "\(view)")
        let run = Array(view.offset..<view.offset + view.count)
        let isRun = positions(view) == run
        #expect(view.isContiguous == isRun)
      }
    }
    #expect(copies > 20)
  }

  /// Dimensions with the product `count`.
  private func split(_ count: Int, _ random: inout SplitMix64) -> [Int] {
    var shape: [Int] = []
    var rest = count
    while rest > 1, shape.count < 4 {
      let divisors = (2...rest).filter { rest % $0 == 0 }
      let side = divisors.randomElement(using: &random) ?? rest
      shape.append(side)
      rest /= side
    }
    if rest > 1 { shape.append(rest) }
    shape.insert(1, at: Int.random(in: 0...shape.count, using: &random))
    return shape
  }

  @Test("dimensions of 1 repeat, and others must be equal")
  func broadcast() {
    #expect(broadcastShape([2, 1, 4], [3, 1]) == [2, 3, 4])
    #expect(broadcastShape([], [5]) == [5])
    #expect(broadcastShape([2, 3], [2, 4]) == nil)
    let row = TensorView(buffer: 0, shape: [3]).broadcast(to: [2, 3])
    #expect(positions(row) == [0, 1, 2, 0, 1, 2])
  }
}
