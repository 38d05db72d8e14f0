import CKernels
import TestSupport

/// Random numbers and every special value.
func specialNumbers(_ count: Int, using random: inout SplitMix64) -> Floats {
  let x = Floats(random: count, scale: 8, using: &random)
  let specials: [Float] = [
    .nan, .infinity, -.infinity, 0, -0.0, 6, -3, 3, .leastNonzeroMagnitude,
    .greatestFiniteMagnitude,
  ]
  guard count > 0 else { return x }
  for special in specials.shuffled(using: &random).prefix(count / 2) {
    x[.random(in: 0..<count, using: &random)] = special
  }
  return x
}

/// Activations of runs, into another run or in place.
struct ActivateCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 12, scalar) { count, x, y, activation in
      for index in 0..<count { y[index] = activated(x[index], activation) }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 13, vector) { count, x, y, activation in
      unsafe scalar.f32_activate(count, x.start, y.start, activation)
    }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels,
    expected: (_ count: Int, _ x: Floats, _ y: Floats, _ activation: sd_activation) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    var failures: [String] = []
    for count in Array(0...67) + [1000] {
      for activation in activations {
        let x = specialNumbers(count, using: &random)
        let (y, z) = (Floats(count), Floats(count))
        expected(count, x, y, activation)
        unsafe kernels.f32_activate(count, x.start, z.start, activation)
        unsafe kernels.f32_activate(count, x.start, x.start, activation)
        for output in [z, x] where output.firstDifference(from: y) != nil {
          failures.append("count \(count) activation \(activation.rawValue)")
        }
      }
    }
    return failures
  }
}

/// Sums of two runs, into a third or in place.
struct AddCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 14, scalar) { count, a, b, y in
      for index in 0..<count { y[index] = a[index] + b[index] }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 15, vector) { count, a, b, y in
      unsafe scalar.f32_add(count, a.start, b.start, y.start)
    }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels,
    expected: (_ count: Int, _ a: Floats, _ b: Floats, _ y: Floats) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    var failures: [String] = []
    for count in Array(0...67) + [1000] {
      let a = specialNumbers(count, using: &random)
      let b = specialNumbers(count, using: &random)
      let (y, z) = (Floats(count), Floats(count))
      let (ontoA, ontoB) = (Floats(copying: a), Floats(copying: b))
      expected(count, a, b, y)
      unsafe kernels.f32_add(count, a.start, b.start, z.start)
      unsafe kernels.f32_add(count, ontoA.start, b.start, ontoA.start)
      unsafe kernels.f32_add(count, a.start, ontoB.start, ontoB.start)
      for output in [z, ontoA, ontoB] where output.firstDifference(from: y) != nil {
        failures.append("count \(count)")
      }
    }
    return failures
  }
}
