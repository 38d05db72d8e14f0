internal import Layers

/// A tensor of numbers: `TensorProto`.
struct ONNXTensor {
  var name = ""
  var shape: [Int64] = []
  /// Format of the elements: a value of the specification's `TensorProto.DataType`.
  var type: Int64 = 0
  /// Whether the elements are in another file.
  var isExternal = false

  private let bytes: [UInt8]
  private var raw: Range<Int>?
  private var floats: [Float] = []
  private var integers: [Int64] = []
  private var doubles: [Double] = []

  init(_ bytes: [UInt8], _ range: Range<Int>, _ budget: WireBudget) throws(WireFault) {
    self.bytes = bytes
    var reader = WireReader(bytes, range)
    while let (field, value) = try reader.next() {
      switch field {
      case 1:
        shape += try value.integers(in: bytes, budget)
        guard shape.count <= ImportLimits.rank else {
          throw WireFault(message: "A tensor has more than \(ImportLimits.rank) dimensions.")
        }
      case 2: type = try value.integer()
      case 4:
        try budget.spend(value.byteCount(ofNumbers: 4))
        floats += try value.floats(in: bytes)
      case 5, 7, 11: integers += try value.integers(in: bytes, budget)
      case 8: name = try value.text(in: bytes)
      case 9: raw = try value.run()
      case 10:
        try budget.spend(value.byteCount(ofNumbers: 8))
        doubles += try value.doubles(in: bytes)
      case 13: isExternal = true
      case 14: if try value.integer() == 1 { isExternal = true }
      default: continue
      }
    }
  }

  private struct Format {
    var element: ElementType
    var isInteger: Bool
  }

  private var format: Format? {
    switch type {
    case 1: Format(element: .float32, isInteger: false)
    case 2: Format(element: .uint8, isInteger: true)
    case 3: Format(element: .int8, isInteger: true)
    case 6: Format(element: .int32, isInteger: true)
    case 7: Format(element: .int64, isInteger: true)
    case 9: Format(element: .bool, isInteger: true)
    case 10: Format(element: .float16, isInteger: false)
    case 11: Format(element: .float64, isInteger: false)
    case 16: Format(element: .bfloat16, isInteger: false)
    default: nil
    }
  }

  /// Number of elements, as the shape says; `nil` if the shape is impossible or too large.
  var count: Int? { shapeCount(shape.map { Int(truncatingIfNeeded: $0) }) }

  /// The elements.
  func numbers() throws(WireFault) -> ConstantTensor {
    guard !isExternal else {
      throw WireFault(
        message: "The values of \(name) are in another file; save the model as one file.")
    }
    let dimensions = shape.map { Int(truncatingIfNeeded: $0) }
    guard let count else {
      throw WireFault(message: "The tensor \(name) has the invalid shape \(shape).")
    }
    guard let format else {
      throw WireFault(
        message:
          "The tensor \(name) has the format \(type); F32, F16, BF16, F64 and integers "
          + "are supported.")
    }
    let values: [Double]
    if let raw {
      values = try rawNumbers(raw, format.element, count)
    } else {
      values =
        switch type {
        case 1: floats.map(Double.init)
        case 11: doubles
        // Half precision is stored as integers with the same bits.
        case 10: integers.map { Double(Float(halfBits: UInt16(truncatingIfNeeded: $0))) }
        case 16:
          integers.map { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0) << 16)) }
        default: integers.map(Double.init)
        }
    }
    guard values.count == count else {
      throw WireFault(
        message: "The tensor \(name) of shape \(shape) has \(values.count) numbers.")
    }
    return ConstantTensor(shape: dimensions, values: values, isInteger: format.isInteger)
  }

  private func rawNumbers(
    _ raw: Range<Int>, _ element: ElementType, _ count: Int
  ) throws(WireFault) -> [Double] {
    guard raw.count == count * element.byteCount else {
      throw WireFault(
        message: "The tensor \(name) of shape \(shape) has \(raw.count) bytes of "
          + "\(element.rawValue).")
    }
    if element == .int64 || element == .float64 {
      var reader = WireReader(bytes, raw)
      var values: [Double] = []
      values.reserveCapacity(count)
      while let bits = try reader.nextFixed(8) {
        values.append(
          element == .int64 ? Double(Int64(bitPattern: bits)) : Double(bitPattern: bits))
      }
      return values
    }
    let part = Array(bytes[raw])
    return unsafe widen(part.span.bytes, from: element).map(Double.init)
  }
}
