import CKernels
import TestSupport

/// A resampling with random weights, and a line to resample.
struct ResampleCase: CustomStringConvertible {
  let inputs: Int
  let outputs: Int
  let taps: Int
  let step: Int
  let offset: Int
  private let first: [Int32]
  private let weights: [Int16]
  private let line: Bytes

  init(inputs: Int, outputs: Int, taps: Int, using random: inout SplitMix64) {
    self.inputs = inputs
    self.outputs = outputs
    self.taps = min(taps, inputs)
    step = Int.random(in: 1...2, using: &random)
    offset = step == 1 ? 0 : Int.random(in: 0...1, using: &random)
    let (span, last) = (inputs - self.taps, max(outputs - 1, 1))
    // Some outputs start at the first input, some end at the last.
    let shift = Int.random(in: 0...max(1, span / 8), using: &random)
    first = (0..<outputs).map { Int32(max(0, min(span, $0 * span / last + shift - span / 16))) }
    weights = (0..<outputs).flatMap { _ in Self.weights(min(taps, inputs), using: &random) }
    // If two planes alternate, the last byte belongs to the other one.
    line = Bytes(random: inputs * step, using: &random)
  }

  /// Weights that add up to 16384.
  private static func weights(_ count: Int, using random: inout SplitMix64) -> [Int16] {
    var rest = 16384
    var weights = (1..<max(count, 1)).map { _ in
      let weight = Int.random(in: 0...rest, using: &random) / 2
      rest -= weight
      return Int16(weight)
    }
    weights.append(Int16(rest))
    return weights.shuffled(using: &random)
  }

  /// Sizes of real frames, sizes around every group, and a few random ones.
  static func all(seed: UInt64) -> [ResampleCase] {
    var random = SplitMix64(seed: seed)
    var cases = [
      (1280, 300, 12), (640, 300, 8), (1920, 300, 16), (960, 320, 8), (3840, 300, 28),
      (768, 300, 8), (320, 300, 4), (160, 300, 4), (4, 300, 4), (5, 1, 5), (1, 1, 1), (700, 3, 300),
    ]
    for outputs in 1...67 {
      let inputs = Int.random(in: 1...outputs * 9, using: &random)
      cases.append((inputs, outputs, .random(in: 1...min(inputs, 40), using: &random)))
    }
    return cases.map { ResampleCase(inputs: $0, outputs: $1, taps: $2, using: &random) }
  }

  /// The outputs, as the contract computes them.
  func expected() -> [Int16] {
    (0..<outputs).map { output in
      let sum = (0..<taps).reduce(0) { sum, tap in
        let input = Int(first[output]) + tap
        return sum + Int(line[input * step + offset]) * Int(weights[output * taps + tap])
      }
      return Int16(sum >> 7)
    }
  }

  /// The outputs of a kernel, and whether it wrote nothing else.
  func run(_ kernels: sd_kernels) -> (outputs: [Int16], isInside: Bool) {
    unsafe first.withUnsafeBufferPointer { first in
      unsafe weights.withUnsafeBufferPointer { weights in
        var numbers = unsafe sd_resampling(
          inputs: inputs, outputs: outputs, taps: taps, step: step, offset: offset,
          first: first.baseAddress, weights: weights.baseAddress)
        let size = unsafe kernels.u8_resample_packed_size(&numbers)
        // Rounded up to whole cache lines, so that the packed form starts at one.
        let packed = Bytes((size + 63) / 64 * 64)
        unsafe kernels.u8_resample_pack(&numbers, packed.start)
        let group = SD_RESAMPLED_GROUP
        let room = (outputs + group - 1) / group * group
        let y = Bytes(room * 2)
        unsafe y.start.withMemoryRebound(to: Int16.self, capacity: room) {
          unsafe kernels.u8_resample(packed.start, line.start, $0)
        }
        let found = (0..<outputs).map { index in
          Int16(bitPattern: UInt16(y[2 * index]) | UInt16(y[2 * index + 1]) << 8)
        }
        let isInside = [packed, y].allSatisfy { bytes in
          (-64..<0).allSatisfy { bytes[$0] == Bytes.poison }
        }
        return (found, isInside)
      }
    }
  }

  var description: String {
    "\(inputs) inputs, \(outputs) outputs, \(taps) taps, \(offset) of \(step)"
  }
}

/// A line of bytes, resampled to another width.
struct ResampleCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 31, scalar) { $0.expected() }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 32, vector) { $0.run(scalar).outputs }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels, _ expected: (ResampleCase) -> [Int16]
  ) -> [String] {
    ResampleCase.all(seed: seed).compactMap { test in
      let (outputs, isInside) = test.run(kernels)
      if !isInside { return "\(test): written outside" }
      let pairs = zip(outputs, expected(test)).enumerated()
      return pairs.first { $0.element.0 != $0.element.1 }.map {
        "\(test): output \($0.offset) is \($0.element.0), not \($0.element.1)"
      }
    }
  }
}
