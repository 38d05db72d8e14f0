internal import Layers

/// A constant of a frozen graph: `TensorProto` of
/// https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/tensor.proto.
struct FrozenTensor {
  /// Format of the elements: a value of `DataType`.
  private(set) var type: Int64 = 0
  private(set) var shape: [Int] = []
  private let bytes: [UInt8]
  private let range: Range<Int>
  private var content: Range<Int>?

  init(_ bytes: [UInt8], _ range: Range<Int>) throws(WireFault) {
    self.bytes = bytes
    self.range = range
    var reader = WireReader(bytes, range)
    while let (field, value) = try reader.next() {
      switch field {
      case 1: type = try value.integer()
      case 2:
        shape = try Self.shape(bytes, try value.run()).map { side throws(WireFault) in
          guard let side else { throw WireFault(message: "A constant has an open dimension.") }
          return side
        }
      case 4: content = try value.run()
      default: continue
      }
    }
  }

  /// Dimensions of the message `TensorShapeProto`; `nil` for one that is not fixed.
  static func shape(_ bytes: [UInt8], _ range: Range<Int>) throws(WireFault) -> [Int?] {
    var reader = WireReader(bytes, range)
    var shape: [Int?] = []
    while let (field, value) = try reader.next() {
      guard field == 2 else { continue }
      var side = WireReader(bytes, try value.run())
      var size: Int64 = 0
      while let (field, value) = try side.next() { if field == 1 { size = try value.integer() } }
      shape.append(size < 0 ? nil : Int(size))
      guard shape.count <= ImportLimits.rank else {
        throw WireFault(message: "A tensor has more than \(ImportLimits.rank) dimensions.")
      }
    }
    return shape
  }

  private var format: (element: ElementType, isInteger: Bool)? {
    switch type {
    case 1: (.float32, false)
    case 2: (.float64, false)
    case 3: (.int32, true)
    case 4: (.uint8, true)
    case 6: (.int8, true)
    case 9: (.int64, true)
    case 10: (.bool, true)
    case 14: (.bfloat16, false)
    case 19: (.float16, false)
    default: nil
    }
  }

  /// Number of elements, as the shape says; `nil` if the shape is impossible or too large.
  var count: Int? { shapeCount(shape) }

  /// The elements; where only the first ones are listed, the last of them is repeated.
  func numbers() throws(WireFault) -> ConstantTensor {
    guard let format else {
      throw WireFault(
        message: "It has the number format \(type); floats and integers are supported.")
    }
    guard let count else { throw WireFault(message: "It has the invalid shape \(shape).") }
    var values: [Double]
    if let content, !content.isEmpty {
      guard content.count == count * format.element.byteCount else {
        throw WireFault(
          message: "It has \(content.count) bytes of \(format.element.rawValue) for the shape "
            + "\(shape).")
      }
      values = try numbers(content, format.element)
    } else {
      values = try listedNumbers(format.element, atMost: count)
      guard let last = values.last ?? (count == 0 ? 0 : nil) else {
        throw WireFault(message: "It has no numbers for the shape \(shape).")
      }
      values += [Double](repeating: last, count: count - values.count)
    }
    return ConstantTensor(shape: shape, values: values, isInteger: format.isInteger)
  }

  private func numbers(
    _ content: Range<Int>, _ element: ElementType
  ) throws(WireFault) -> [Double] {
    let size = element.byteCount
    guard element == .int64 || element == .float64 || element == .int32 else {
      let part = Array(bytes[content])
      return unsafe widen(part.span.bytes, from: element).map(Double.init)
    }
    var reader = WireReader(bytes, content)
    var values: [Double] = []
    values.reserveCapacity(content.count / size)
    while let bits = try reader.nextFixed(size) {
      switch element {
      case .int64: values.append(Double(Int64(bitPattern: bits)))
      case .int32: values.append(Double(Int32(truncatingIfNeeded: bits)))
      default: values.append(Double(bitPattern: bits))
      }
    }
    return values
  }

  /// The numbers of the fields for each format, packed or one by one.
  private func listedNumbers(
    _ element: ElementType, atMost count: Int
  ) throws(WireFault) -> [Double] {
    var values: [Double] = []
    var reader = WireReader(bytes, range)
    while let (field, value) = try reader.next() {
      guard [5, 6, 7, 10, 11, 13].contains(field) else { continue }
      guard values.count + length(value, element) <= count else {
        throw WireFault(message: "It has too many numbers for the shape \(shape).")
      }
      switch element {
      case .float32: values += try value.floats(in: bytes).map(Double.init)
      case .float64: values += try value.doubles(in: bytes)
      case .float16:
        values += try value.integers(in: bytes).map {
          Double(Float(halfBits: UInt16(truncatingIfNeeded: $0)))
        }
      case .bfloat16:
        values += try value.integers(in: bytes).map {
          Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0) << 16))
        }
      default: values += try value.integers(in: bytes).map { Double($0) }
      }
    }
    return values
  }

  /// How many numbers a field has.
  private func length(_ value: WireReader.Value, _ element: ElementType) -> Int {
    guard case .run(let run) = value else { return 1 }
    switch element {
    case .float32: return run.count / 4
    case .float64: return run.count / 8
    default: return bytes[run].count { $0 < 0x80 }
    }
  }
}
