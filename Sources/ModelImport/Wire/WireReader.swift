internal import Layers

/// Why bytes are not a valid protocol buffer or FlatBuffer.
struct WireFault: Error {
  let message: String
  /// Whether they ask for too much, rather than being damaged.
  var isTooLarge = false
}

/// Reads the fields of one protocol-buffer message, one after the other.
///
/// Knows the wire format but no schema: https://protobuf.dev/programming-guides/encoding/. Every
/// length is checked against the enclosing message, so no byte outside the message is read.
struct WireReader {
  /// The value of a field, by its wire type.
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    /// A string, bytes, a message or packed numbers: their range in `bytes`.
    case run(Range<Int>)
    case fixed32(UInt32)
  }

  let bytes: [UInt8]
  private var position: Int
  private let end: Int

  /// Reads the message in `range` of `bytes`.
  ///
  /// - Precondition: `range` lies inside `bytes`.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= bytes.count, "\(range) is outside the file")
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next field, or `nil` at the end of the message.
  mutating func next() throws(WireFault) -> (field: Int, value: Value)? {
    guard position < end else { return nil }
    let tag = try varint()
    let field = tag >> 3
    guard field > 0, field < 1 << 29 else {
      throw WireFault(message: "A field has an invalid number.")
    }
    return (Int(field), try value(type: tag & 7))
  }

  private mutating func value(type: UInt64) throws(WireFault) -> Value {
    switch type {
    case 0: return .varint(try varint())
    case 1: return .fixed64(try fixed(8))
    case 2:
      let length = try varint()
      guard length <= UInt64(end - position) else {
        throw WireFault(message: "A field is longer than its message.")
      }
      defer { position += Int(length) }
      return .run(position..<position + Int(length))
    case 5: return .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
    default: throw WireFault(message: "A field has the unknown wire type \(type).")
    }
  }

  /// A variable-length number at the current position; for packed fields.
  mutating func nextVarint() throws(WireFault) -> UInt64? {
    position < end ? try varint() : nil
  }

  /// A little-endian number of `count` bytes at the current position; for packed fields.
  mutating func nextFixed(_ count: Int) throws(WireFault) -> UInt64? {
    position < end ? try fixed(count) : nil
  }

  private mutating func varint() throws(WireFault) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while position < end, shift < 64 {
      let byte = bytes[position]
      position += 1
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
      shift += 7
    }
    throw WireFault(message: "A number is not terminated.")
  }

  private mutating func fixed(_ count: Int) throws(WireFault) -> UInt64 {
    guard count <= end - position else { throw WireFault(message: "A number is truncated.") }
    var result: UInt64 = 0
    for index in (0..<count).reversed() {
      result = result << 8 | UInt64(bytes[position + index])
    }
    position += count
    return result
  }
}

extension WireReader.Value {
  /// A field that is a message, a string or bytes.
  func run() throws(WireFault) -> Range<Int> {
    guard case .run(let range) = self else {
      throw WireFault(message: "A field is a number instead of bytes.")
    }
    return range
  }

  /// A field that is an integer.
  func integer() throws(WireFault) -> Int64 {
    guard case .varint(let bits) = self else {
      throw WireFault(message: "A field is not an integer.")
    }
    return Int64(bitPattern: bits)
  }

  /// Bytes that the numbers of a repeated field take at most, `size` each in the file at least.
  func byteCount(ofNumbers size: Int) -> Int {
    guard case .run(let range) = self else { return 8 }
    return range.count / size * 8
  }

  /// A repeated field of integers, packed or one by one.
  func integers(in bytes: [UInt8]) throws(WireFault) -> [Int64] {
    guard case .run(let range) = self else { return [try integer()] }
    var reader = WireReader(bytes, range)
    var result: [Int64] = []
    while let bits = try reader.nextVarint() { result.append(Int64(bitPattern: bits)) }
    return result
  }

  /// The same, counted in `budget`.
  func integers(in bytes: [UInt8], _ budget: WireBudget) throws(WireFault) -> [Int64] {
    try budget.spend(byteCount(ofNumbers: 1))
    return try integers(in: bytes)
  }

  /// A repeated field of floats, packed or one by one.
  func floats(in bytes: [UInt8]) throws(WireFault) -> [Float] {
    switch self {
    case .fixed32(let bits): return [Float(bitPattern: bits)]
    case .run(let range):
      var reader = WireReader(bytes, range)
      var result: [Float] = []
      while let bits = try reader.nextFixed(4) {
        result.append(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      }
      return result
    case .varint, .fixed64: throw WireFault(message: "A field is not a 32-bit number.")
    }
  }

  /// A repeated field of doubles, packed or one by one.
  func doubles(in bytes: [UInt8]) throws(WireFault) -> [Double] {
    switch self {
    case .fixed64(let bits): return [Double(bitPattern: bits)]
    case .run(let range):
      var reader = WireReader(bytes, range)
      var result: [Double] = []
      while let bits = try reader.nextFixed(8) { result.append(Double(bitPattern: bits)) }
      return result
    case .varint, .fixed32: throw WireFault(message: "A field is not a 64-bit number.")
    }
  }

  /// A field that is text; bytes that are not UTF-8 are replaced.
  func text(in bytes: [UInt8]) throws(WireFault) -> String {
    String(decoding: bytes[try run()], as: UTF8.self)
  }
}
