internal import Support
internal import CKernels

/// The memory layout of a network's packed weights: which kernels read them, and at which offsets.
///
/// Packed weights suit every network with the same layout. The layout depends on the processor's
/// kernels, on the network's steps and on how this version of the program packs weights.
public struct PackedLayout: Hashable, Sendable {
  /// The instruction set, then a checksum of everything else as 16 hexadecimal digits.
  public let text: String
}

extension WeightPacking {
  /// The layout of `program`'s packed weights, `count` floats in all.
  func layout(of program: Program, _ count: Int) -> PackedLayout {
    var checksum = Checksum()
    for step in program.steps {
      guard let packed = step.packed else { continue }
      for number in [step.node, packed.weights, packed.bias, step.pixels?.packed ?? -1] {
        checksum.combine(UInt64(bitPattern: Int64(number)))
      }
      for wide in [step.wide, step.pixels?.wide] {
        guard let wide else { continue }
        for number in [wide.packed, wide.length] + wide.channels {
          checksum.combine(UInt64(number))
        }
      }
    }
    checksum.combine(UInt64(count))
    checksum.combine(sample())
    return PackedLayout(text: "\(isa.rawValue)-\(checksum.text)")
  }

  /// The checksum of a sample network's packed weights, which changes whenever the packing code
  /// does.
  private func sample() -> UInt64 {
    let (graph, quantization) = sampleNetwork()
    var numerics = numerics
    if numerics.isInteger { numerics = .integer(quantization) }
    var program = Lowering(
      graph, keepsTaps: false, numerics.isNative(kernels) ? numerics : .float32, pixels: pixels,
      kernels: kernels, shortcuts: numerics == .float32 ? .wherePossible : .none
    ).lower(.sharing(1))
    let count = reservePackedWeights(of: &program, kernels)
    let packing = WeightPacking(
      graph: graph, numerics: numerics, pixels: pixels, isa: isa, kernels: kernels)
    var next: UInt32 = 1
    // This closure does not throw, so packing cannot fail.
    let packed = try? packing.pack(program, count) { _, shape in
      (0..<shape.reduce(1, *)).map { _ in
        // Numerical Recipes' generator.
        next = next &* 1_664_525 &+ 1_013_904_223
        return Float(next >> 8) / Float(1 << 23) - 1
      }
    }
    var checksum = Checksum()
    if let packed {
      unsafe checksum.combine(
        UnsafeRawBufferPointer(UnsafeBufferPointer(start: packed.start, count: packed.count)))
    }
    return checksum.value
  }
}

/// A network that has every kind of layer with packed weights, and panels of several widths.
private func sampleNetwork() -> (Graph, Quantization) {
  var builder = GraphBuilder(input: Shape(height: 25, width: 25, channels: 3))
  var ranges: [String: ActivationRange] = [:]
  func range(_ name: String, _ maximum: Float) {
    ranges[name] = ActivationRange(minimum: -1, maximum: maximum)
  }
  let edge = Window(kernel: 3, stride: 2, padding: .even)
  let same = Window(kernel: 3, padding: .even)
  let first = builder.convolution(
    builder.input, "first", outputChannels: 16, window: edge, activation: .relu6)
  range("first", 5)
  let depthwise = builder.depthwise(first, "depthwise", window: same, activation: .hardSwish)
  range("depthwise", 4)
  let wide = builder.depthwise(
    depthwise, "wide", window: Window(kernel: 5, padding: .even), activation: .relu)
  range("wide", 3)
  let narrow = builder.convolution(wide, "narrow", outputChannels: 24)
  range("narrow", 2)
  // In floats by tiles, "first" by windows.
  let full = builder.convolution(
    narrow, "full", outputChannels: 40, window: same, activation: .relu6)
  range("full", 6)
  // By Strassen's product, "narrow" and "head" directly.
  let expansion = builder.convolution(full, "expansion", outputChannels: 83, activation: .relu6)
  range("expansion", 5)
  let head = builder.convolution(expansion, "head", outputChannels: 12)
  builder.output([head], "head", columns: 4)
  return (builder.finish(), Quantization(activations: ranges))
}
