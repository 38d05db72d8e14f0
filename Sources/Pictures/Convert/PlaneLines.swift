internal import CKernels

/// Resamples lines of a plane to the output's width, with tables for one instruction set.
@safe
final class LineResampler {
  private let packed: KernelMemory<UInt8>
  private let resample: sd_u8_resample_fn

  /// Reads samples that are `step` bytes apart, 1 or 2, starting at `offset`.
  init(_ resampling: Resampling, step: Int, offset: Int, _ kernels: sd_kernels) {
    unsafe resample = unsafe kernels.u8_resample
    packed = unsafe resampling.first.withUnsafeBufferPointer { first in
      unsafe resampling.weights.withUnsafeBufferPointer { weights in
        var numbers = unsafe sd_resampling(
          inputs: resampling.inputs, outputs: resampling.outputs, taps: resampling.taps,
          step: step, offset: offset, first: first.baseAddress, weights: weights.baseAddress)
        let packed = unsafe KernelMemory<UInt8>(count: kernels.u8_resample_packed_size(&numbers))
        unsafe kernels.u8_resample_pack(&numbers, packed.start)
        return packed
      }
    }
  }

  /// The number of samples to allocate for a line.
  static func capacity(outputs: Int) -> Int {
    let group = SD_RESAMPLED_GROUP
    return (outputs + group - 1) / group * group
  }

  func run(_ line: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<Int16>) {
    unsafe resample(packed.start, line, output)
  }
}

/// The resampled lines of a plane from which an output line is summed.
///
/// A line is resampled when it is first needed; as many are kept as one output line needs.
@safe
final class PlaneLines {
  private let horizontal: LineResampler
  private let vertical: Resampling
  private let lineCapacity: Int
  private let lines: KernelMemory<Int16>
  /// The lines for one output line, from top to bottom.
  private let window: KernelMemory<UnsafePointer<Int16>?>
  private let weights: KernelMemory<Int16>
  private var plane: UnsafePointer<UInt8>
  private var stride = 0
  /// The first line of the plane that hasn't been resampled or skipped.
  private var next = 0

  init(_ horizontal: LineResampler, outputs: Int, vertical: Resampling) {
    self.horizontal = horizontal
    self.vertical = vertical
    lineCapacity = LineResampler.capacity(outputs: outputs)
    lines = KernelMemory(count: lineCapacity * vertical.taps)
    unsafe window = unsafe KernelMemory(count: vertical.taps)
    weights = KernelMemory(count: vertical.weights.count)
    for (index, weight) in vertical.weights.enumerated() { unsafe weights.start[index] = weight }
    unsafe plane = UnsafePointer(UnsafeRawPointer(lines.start).assumingMemoryBound(to: UInt8.self))
  }

  /// The number of lines that are summed.
  var taps: Int { vertical.taps }

  /// Starts a plane whose first line is at `plane`.
  func begin(_ plane: UnsafePointer<UInt8>, stride: Int) {
    unsafe self.plane = plane
    self.stride = stride
    next = 0
  }

  /// The lines for output line `output`, valid until the next call; `output` must not decrease.
  func window(of output: Int) -> UnsafePointer<UnsafePointer<Int16>?> {
    let first = Int(vertical.first[output])
    next = max(next, first)
    while next < first + vertical.taps {
      unsafe horizontal.run(
        plane + next * stride, to: lines.start + next % vertical.taps * lineCapacity)
      next += 1
    }
    for tap in 0..<vertical.taps {
      unsafe window.start[tap] = UnsafePointer(
        lines.start + (first + tap) % vertical.taps * lineCapacity)
    }
    return unsafe UnsafePointer(window.start)
  }

  /// The weights of the lines for output line `output`.
  func weights(of output: Int) -> UnsafePointer<Int16> {
    unsafe UnsafePointer(weights.start + output * vertical.taps)
  }
}
