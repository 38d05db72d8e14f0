internal import Layers

/// A tensor of a TensorFlow Lite file.
struct TFLiteTensor {
  let name: String
  let shape: [Int]
  let format: Format?
  /// How integers stand for real numbers.
  let quantization: Quantization?
  /// Where the numbers of a constant are; `nil` if the network computes them.
  let data: Range<Int>?

  /// The formats of numbers that are supported, as the schema numbers them.
  enum Format: Int {
    case float32 = 0
    case float16, int32, uint8, int64
    case int8 = 9

    var element: ElementType {
      switch self {
      case .float32: .float32
      case .float16: .float16
      case .int32: .int32
      case .uint8: .uint8
      case .int64: .int64
      case .int8: .int8
      }
    }

    /// What the integers of activations differ by from unsigned bytes; `nil` for other formats.
    var byteOffset: Int? {
      switch self {
      case .uint8: 0
      case .int8: 128
      default: nil
      }
    }
  }

  /// `real = scale * (integer - zero)`, with one pair for the tensor or for each position of
  /// `axis`.
  struct Quantization {
    let scales: [Float]
    let zeros: [Int64]
    let axis: Int
  }

  init(_ table: FlatTable, _ buffers: [Range<Int>?]) throws(WireFault) {
    let name = try table.text(3) ?? ""
    self.name = name
    shape = try table.int32s(0) ?? []
    let type = try table.int8(1) ?? 0
    format = Format(rawValue: type)
    guard try table.table(6) == nil else {
      throw WireFault(message: "It has sparse weights, which are not supported.")
    }
    let buffer = try table.uint32(2) ?? 0
    guard buffers.indices.contains(buffer) else {
      throw WireFault(message: "The tensor \(name.prefix(200)) has no buffer.")
    }
    // Tensors that are computed have an empty buffer.
    data = buffers[buffer].flatMap { $0.isEmpty ? nil : $0 }
    guard shape.count <= ImportLimits.rank else {
      throw WireFault(message: "A tensor has more than \(ImportLimits.rank) dimensions.")
    }
    let scales = try table.table(4)
    quantization = try scales.flatMap { table throws(WireFault) in try Quantization(table, name) }
  }

  /// The zero point and the step of activations in bytes; `nil` if they are not quantised.
  var activation: (scale: Float, zero: Int)? {
    guard let offset = format?.byteOffset, let quantization, quantization.scales.count == 1,
      let zero = quantization.zeros.first, (0...255).contains(Int(zero) + offset)
    else { return nil }
    return (quantization.scales[0], Int(zero) + offset)
  }

  /// The numbers of a constant, as real numbers if they are quantised.
  func numbers(_ bytes: [UInt8]) throws(WireFault) -> ConstantTensor {
    let label = name.prefix(200)
    guard let data, let format else {
      throw WireFault(message: "The tensor \(label) has no numbers in a supported format.")
    }
    guard let count = shapeCount(shape), data.count == count * format.element.byteCount else {
      throw WireFault(message: "The tensor \(label) of shape \(shape) has \(data.count) bytes.")
    }
    var values: [Double]
    switch format {
    // Floats don't have enough digits for these.
    case .int32: values = Self.integers(bytes[data], as: Int32.self)
    case .int64: values = Self.integers(bytes[data], as: Int64.self)
    case .float32, .float16, .uint8, .int8:
      let part = Array(bytes[data])
      values = unsafe widen(part.span.bytes, from: format.element).map(Double.init)
    }
    let isInteger = format != .float32 && format != .float16
    guard isInteger, let quantization else {
      return ConstantTensor(shape: shape, values: values, isInteger: isInteger)
    }
    try quantization.apply(to: &values, shape, name)
    return ConstantTensor(shape: shape, values: values, isInteger: false)
  }

  private static func integers<Number: FixedWidthInteger>(
    _ bytes: ArraySlice<UInt8>, as type: Number.Type
  ) -> [Double] {
    let size = MemoryLayout<Number>.size
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { start in
      var bits: Number = 0
      for byte in bytes[start..<start + size].reversed() {
        bits = bits << 8 | Number(truncatingIfNeeded: byte)
      }
      return Double(bits)
    }
  }
}

extension TFLiteTensor.Quantization {
  /// - Returns: `nil` for a table without scales.
  init?(_ table: FlatTable, _ name: String) throws(WireFault) {
    guard let scales = try table.floats(2), !scales.isEmpty else { return nil }
    let zeros = try table.int64s(3) ?? [Int64](repeating: 0, count: scales.count)
    guard zeros.count == scales.count, scales.allSatisfy({ $0 > 0 && $0.isFinite }),
      zeros.allSatisfy({ abs(Double($0)) <= 255 })
    else {
      throw WireFault(message: "The scales or zero points of \(name.prefix(200)) are invalid.")
    }
    self.scales = scales
    self.zeros = zeros
    axis = try table.int32(6) ?? 0
  }

  fileprivate func apply(
    to values: inout [Double], _ shape: [Int], _ name: String
  ) throws(WireFault) {
    var length = 1
    if scales.count > 1 {
      guard shape.indices.contains(axis), shape[axis] == scales.count else {
        throw WireFault(
          message: "The tensor \(name.prefix(200)) has \(scales.count) scales for the shape "
            + "\(shape).")
      }
      length = shape[(axis + 1)...].reduce(1, *)
    }
    for index in values.indices {
      let channel = scales.count > 1 ? index / length % scales.count : 0
      values[index] = (values[index] - Double(zeros[channel])) * Double(scales[channel])
    }
  }
}
