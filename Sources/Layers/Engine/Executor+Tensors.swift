internal import CKernels

extension Executor {
  /// Runs one step of the tensor program.
  func execute(_ step: PlacedTensorStep) {
    unsafe run(
      step, 0, arena.start + step.output.offset, address(step.a), address(step.b))
  }

  private func address(_ operand: PlacedTensorStep.Operand) -> UnsafePointer<Float> {
    let start = unsafe operand.isConstant ? network.tensors.constants.start : arena.start
    return unsafe UnsafePointer(start + operand.offset)
  }

  /// Runs the loops from `level` on; recursion is at most as deep as the tensors' rank.
  private func run(
    _ step: PlacedTensorStep, _ level: Int, _ output: UnsafeMutablePointer<Float>,
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>
  ) {
    guard level < step.loops.count else { return unsafe innermost(step, output, a, b) }
    let loop = step.loops[level]
    for index in 0..<loop.count {
      unsafe run(
        step, level + 1, output + index * loop.output, a + index * loop.a, b + index * loop.b)
    }
  }

  private func innermost(
    _ step: PlacedTensorStep, _ output: UnsafeMutablePointer<Float>, _ a: UnsafePointer<Float>,
    _ b: UnsafePointer<Float>
  ) {
    let loop = step.last
    let isDense = loop.output == 1 && loop.a == 1
    switch step.kind {
    case .copy where isDense: unsafe output.update(from: a, count: loop.count)
    case .copy:
      for i in 0..<loop.count { unsafe output[i * loop.output] = a[i * loop.a] }
    case .function(.activation(let activation)) where isDense:
      unsafe network.kernels.f32_activate(loop.count, a, output, activation.kernelValue)
    case .function(let function):
      for i in 0..<loop.count { unsafe output[i * loop.output] = function(a[i * loop.a]) }
    case .arithmetic(.add):
      for i in 0..<loop.count { unsafe output[i * loop.output] = a[i * loop.a] + b[i * loop.b] }
    case .arithmetic(.subtract):
      for i in 0..<loop.count { unsafe output[i * loop.output] = a[i * loop.a] - b[i * loop.b] }
    case .arithmetic(.multiply):
      for i in 0..<loop.count { unsafe output[i * loop.output] = a[i * loop.a] * b[i * loop.b] }
    case .arithmetic(.divide):
      for i in 0..<loop.count { unsafe output[i * loop.output] = a[i * loop.a] / b[i * loop.b] }
    case .softmax:
      unsafe softmax(count: loop.count, a, stride: loop.a, output, stride: loop.output)
    case .mean:
      var sum: Float = 0
      for i in 0..<loop.count { unsafe sum += a[i * loop.a] }
      unsafe output[0] = sum / Float(loop.count)
    case .product:
      var sum: Float = 0
      for i in 0..<loop.count { unsafe sum += a[i * loop.a] * b[i * loop.b] }
      unsafe output[0] = sum
    }
  }
}
