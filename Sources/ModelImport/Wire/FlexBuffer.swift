/// Reads the numbers of a map in a FlexBuffer (https://flatbuffers.dev/flexbuffers/), the
/// self-describing sibling of FlatBuffers.
///
/// TensorFlow Lite stores the options of custom operators as one map from names to numbers;
/// anything else in it is left out.
struct FlexBuffer {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// The numbers by their names; booleans are 0 and 1.
  func numbers() throws(WireFault) -> [String: Double] {
    // The last bytes are the root, its type, and its width.
    guard bytes.count >= 3 else { throw Self.outside }
    let width = Int(bytes[bytes.endIndex - 1])
    let type = bytes[bytes.endIndex - 2]
    guard [1, 2, 4, 8].contains(width), type >> 2 == 9 else {
      throw WireFault(message: "The options of an operator are not a map.")
    }
    let root = bytes.endIndex - 2 - width
    return try map(at: try target(of: root, width), width: 1 << Int(type & 3))
  }

  /// The entries of the map whose first value is at `position`.
  ///
  /// In front of the values are: the offset of the keys, the width of the keys, and the number of
  /// entries.
  private func map(at position: Int, width: Int) throws(WireFault) -> [String: Double] {
    let count = try unsigned(position - width, width)
    let keyWidth = try unsigned(position - 2 * width, width)
    guard count <= UInt64(Self.mostEntries), [1, 2, 4, 8].contains(keyWidth) else {
      throw Self.outside
    }
    let keys = try target(of: position - 3 * width, width)
    var result: [String: Double] = [:]
    for index in 0..<Int(count) {
      let key = try text(at: try target(of: keys + index * Int(keyWidth), Int(keyWidth)))
      let type = try unsigned(position + Int(count) * width + index, 1)
      result[key] = try number(position + index * width, width, type: type)
    }
    return result
  }

  private func number(
    _ position: Int, _ width: Int, type: UInt64
  ) throws(WireFault) -> Double? {
    let bits: UInt64
    // Values stand in the map itself, or apart from it with their own width.
    switch type >> 2 {
    case 1, 2, 3, 26: bits = try unsigned(position, width)
    case 6, 7, 8:
      let own = 1 << Int(type & 3)
      bits = try unsigned(try target(of: position, width), own)
      return Self.value(bits, own, type: type >> 2 - 5)
    default: return nil
    }
    return Self.value(bits, width, type: type >> 2)
  }

  /// A number of type 1 (signed), 2 or 26 (unsigned, boolean) or 3 (real).
  private static func value(_ bits: UInt64, _ width: Int, type: UInt64) -> Double? {
    switch type {
    case 1:
      let shift = UInt64(64 - 8 * width)
      return Double(Int64(bitPattern: bits << shift) >> Int64(shift))
    case 3 where width == 4: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case 3 where width == 8: return Double(bitPattern: bits)
    case 3: return nil
    default: return Double(bits)
    }
  }

  private func text(at position: Int) throws(WireFault) -> String {
    guard bytes.indices.contains(position),
      let end = bytes[position...].prefix(Self.longestKey).firstIndex(of: 0)
    else { throw Self.outside }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  /// Where an offset points to: back from its own place.
  private func target(of position: Int, _ width: Int) throws(WireFault) -> Int {
    let offset = try unsigned(position, width)
    guard offset <= UInt64(position - bytes.startIndex) else { throw Self.outside }
    return position - Int(offset)
  }

  private func unsigned(_ position: Int, _ width: Int) throws(WireFault) -> UInt64 {
    guard position >= bytes.startIndex, position <= bytes.endIndex,
      width <= bytes.endIndex - position
    else { throw Self.outside }
    var result: UInt64 = 0
    for index in (0..<width).reversed() { result = result << 8 | UInt64(bytes[position + index]) }
    return result
  }

  private static let mostEntries = 1000
  private static let longestKey = 200
  private static let outside = WireFault(message: "The options of an operator are damaged.")
}
