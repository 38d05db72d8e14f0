internal import CKernels

/// Resamples the lines of a plane to the width of the output; one instruction set's tables.
@safe
final class LineResampler {
  private let packed: KernelMemory<UInt8>
  private let resample: sd_u8_resample_fn

  /// Takes samples that are `step` bytes apart, 1 or 2, the first of them at `offset`.
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

  /// Samples that a line has room for.
  static func room(outputs: Int) -> Int {
    let group = SD_RESAMPLED_GROUP
    return (outputs + group - 1) / group * group
  }

  func run(_ line: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<Int16>) {
    unsafe resample(packed.start, line, output)
  }
}

/// The lines of a plane that a line of the output is summed from, resampled when they are first needed.
///
/// Keeps as many as one line of the output takes.
@safe
final class PlaneLines {
  private let horizontal: LineResampler
  private let vertical: Resampling
  private let room: Int
  private let lines: KernelMemory<Int16>
  /// The lines for one line of the output, from top to bottom.
  private let window: KernelMemory<UnsafePointer<Int16>?>
  private let weights: KernelMemory<Int16>
  private var plane: UnsafePointer<UInt8>
  private var stride = 0
  /// The first line of the plane that has not been resampled or passed over.
  private var next = 0

  init(_ horizontal: LineResampler, outputs: Int, vertical: Resampling) {
    self.horizontal = horizontal
    self.vertical = vertical
    room = LineResampler.room(outputs: outputs)
    lines = KernelMemory(count: room * vertical.taps)
    unsafe window = unsafe KernelMemory(count: vertical.taps)
    weights = KernelMemory(count: vertical.weights.count)
    for (index, weight) in vertical.weights.enumerated() { unsafe weights.start[index] = weight }
    unsafe plane = UnsafePointer(UnsafeRawPointer(lines.start).assumingMemoryBound(to: UInt8.self))
  }

  /// How many lines are summed.
  var taps: Int { vertical.taps }

  /// Begins with a plane whose first line is at `plane`.
  func begin(_ plane: UnsafePointer<UInt8>, stride: Int) {
    unsafe self.plane = plane
    self.stride = stride
    next = 0
  }

  /// The lines for a line of the output, whose numbers must rise; they last until the next call.
  func window(of output: Int) -> UnsafePointer<UnsafePointer<Int16>?> {
    let first = Int(vertical.first[output])
    next = max(next, first)
    while next < first + vertical.taps {
      unsafe horizontal.run(plane + next * stride, to: lines.start + next % vertical.taps * room)
      next += 1
    }
    for tap in 0..<vertical.taps {
      unsafe window.start[tap] = UnsafePointer(
        lines.start + (first + tap) % vertical.taps * room)
    }
    return unsafe UnsafePointer(window.start)
  }

  /// The weights of the lines for a line of the output.
  func weights(of output: Int) -> UnsafePointer<Int16> {
    unsafe UnsafePointer(weights.start + output * vertical.taps)
  }
}
