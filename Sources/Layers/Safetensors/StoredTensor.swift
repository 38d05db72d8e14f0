internal import CKernels

/// One tensor of a mapped file.
///
/// Keeps the file mapped, and copies nothing until its values are requested.
public struct StoredTensor: Sendable {
  /// Name in the file.
  public let name: String
  /// Format of the elements.
  public let type: ElementType
  /// Dimensions, slowest first; empty for a single number.
  public let shape: [Int]

  let file: MappedFile
  let range: Range<Int>

  /// Number of elements.
  public var count: Int { range.count / type.byteCount }

  /// Lends the little-endian bytes.
  public func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try file.withBytes(in: range, body)
  }

  /// Every element as `Float`, in the order of the file.
  ///
  /// Exact for F32, F16, BF16, 8-bit and 16-bit integers and BOOL (0 or 1); other types are
  /// rounded.
  ///
  /// - Complexity: O(count), and one array of that size.
  public func floats() -> [Float] {
    withBytes { bytes in widen(bytes, from: type) }
  }
}

/// The elements of `bytes`, little-endian and of one format, as `Float`.
///
/// - Precondition: `bytes` holds a whole number of elements.
package func widen(_ bytes: RawSpan, from type: ElementType) -> [Float] {
  switch type {
  case .float32:
    unsafe [Float](unsafeUninitializedCapacity: bytes.byteCount / 4) { buffer, count in
      unsafe bytes.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
      }
      count = bytes.byteCount / 4
    }
  case .float16: widenHalves(bytes)
  case .bfloat16:
    map(bytes, as: UInt16.self) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
  case .float64:
    map(bytes, as: UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
  case .int64: map(bytes, as: Int64.self) { Float(Int64(littleEndian: $0)) }
  case .int32: map(bytes, as: Int32.self) { Float(Int32(littleEndian: $0)) }
  case .int16: map(bytes, as: Int16.self) { Float(Int16(littleEndian: $0)) }
  case .int8: map(bytes, as: Int8.self) { Float($0) }
  case .uint64: map(bytes, as: UInt64.self) { Float(UInt64(littleEndian: $0)) }
  case .uint32: map(bytes, as: UInt32.self) { Float(UInt32(littleEndian: $0)) }
  case .uint16: map(bytes, as: UInt16.self) { Float(UInt16(littleEndian: $0)) }
  case .uint8: map(bytes, as: UInt8.self) { Float($0) }
  case .bool: map(bytes, as: UInt8.self) { $0 == 0 ? 0 : 1 }
  }
}

/// Converts IEEE 754 binary16 numbers with a kernel, which needs the machine's own byte order and
/// aligned numbers.
private func widenHalves(_ bytes: RawSpan) -> [Float] {
  let count = bytes.byteCount / 2
  return unsafe bytes.withUnsafeBytes { source in
    guard let start = source.baseAddress, 1.littleEndian == 1,
      UInt(bitPattern: start) % 2 == 0
    else { return map(bytes, as: UInt16.self) { Float(halfBits: UInt16(littleEndian: $0)) } }
    return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe InstructionSet.best.kernels.f16_f32_widen(
        count, start.assumingMemoryBound(to: UInt16.self), buffer.baseAddress)
      initialized = count
    }
  }
}

private func map<Element: FixedWidthInteger & BitwiseCopyable>(
  _ bytes: RawSpan, as element: Element.Type, _ transform: (Element) -> Float
) -> [Float] {
  let size = MemoryLayout<Element>.size
  return unsafe [Float](unsafeUninitializedCapacity: bytes.byteCount / size) { buffer, count in
    count = bytes.byteCount / size
    for index in 0..<count {
      let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index * size, as: element)
      unsafe buffer.initializeElement(at: index, to: transform(value))
    }
  }
}

extension Float {
  /// The value of an IEEE 754 binary16, which is always exact.
  package init(halfBits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7FFF) << 13
    if bits & 0x7C00 == 0x7C00 {
      self = Float(bitPattern: sign | 0x7F80_0000 | magnitude)
    } else {
      // The exponents' biases differ by 112; the product is exact for subnormals too.
      let value = Float(bitPattern: magnitude) * 0x1p112
      self = Float(bitPattern: sign | value.bitPattern)
    }
  }
}

extension Float {
  /// The nearest IEEE 754 binary16, ties to even; infinity if it is out of range.
  package var halfBits: UInt16 {
    let sign = UInt16(truncatingIfNeeded: bitPattern >> 16) & 0x8000
    guard isFinite else { return sign | (isNaN ? 0x7E00 : 0x7C00) }
    // Adding 0.5, whose last place is that of a subnormal result, makes the processor round.
    let magnitude = magnitude
    guard magnitude < 65520 else { return sign | 0x7C00 }
    if magnitude < 0x1p-14 {
      let rounded = (magnitude + 0x1p-1) - 0x1p-1
      return sign | UInt16(rounded * 0x1p24)
    }
    let bits = magnitude.bitPattern
    let rounded = bits + 0x0FFF + ((bits >> 13) & 1)
    return sign | UInt16(truncatingIfNeeded: (rounded >> 13) - (112 << 10))
  }
}

extension StoredTensor {
  /// Whether every element is finite: neither infinite nor NaN.
  ///
  /// Inspects the bits and copies nothing.
  public func isFinite() -> Bool {
    withBytes { bytes in
      switch type {
      case .float32: hasNone(bytes, as: UInt32.self, exponent: 0x7F80_0000)
      case .float16: hasNone(bytes, as: UInt16.self, exponent: 0x7C00)
      case .bfloat16: hasNone(bytes, as: UInt16.self, exponent: 0x7F80)
      case .float64: hasNone(bytes, as: UInt64.self, exponent: 0x7FF0_0000_0000_0000)
      default: true
      }
    }
  }
}

/// Whether no element of `bytes` has all bits of `exponent` set.
func hasNone<Bits: FixedWidthInteger & BitwiseCopyable>(
  _ bytes: RawSpan, as bits: Bits.Type, exponent: Bits
) -> Bool {
  let size = MemoryLayout<Bits>.size
  return unsafe bytes.withUnsafeBytes { source in
    // The loop over a block has no early exit, so the compiler can vectorise it.
    let block = 4096
    var start = 0
    while start < source.count / size {
      let end = min(start + block, source.count / size)
      var found: Bits = 0
      for index in start..<end {
        let value = Bits(
          littleEndian: unsafe source.loadUnaligned(fromByteOffset: index * size, as: bits))
        found |= value & exponent == exponent ? 1 : 0
      }
      if found != 0 { return false }
      start = end
    }
    return true
  }
}
