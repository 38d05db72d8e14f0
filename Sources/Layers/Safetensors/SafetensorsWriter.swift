internal import Support

/// A tensor to be written to a file.
public struct WritableTensor: Sendable {
  /// Name in the file.
  public let name: String
  /// Format of the elements.
  public let type: ElementType
  /// Dimensions, slowest first.
  public let shape: [Int]
  /// Little-endian bytes.
  let bytes: [UInt8]
  /// The tensor starts at a multiple of this many bytes.
  let alignment: Int

  /// Creates a tensor from bytes that are already in `type`.
  ///
  /// - Precondition: The number of bytes is what `shape` and `type` require.
  public init(name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
    self.init(name: name, type: type, shape: shape, bytes: bytes, alignment: type.byteCount)
  }

  /// Creates a tensor of bytes that starts at a 64-byte cache line, in the file and so in a mapping
  /// of it.
  ///
  /// - Precondition: The number of bytes is a multiple of 64.
  public init(name: String, cacheLines bytes: [UInt8]) {
    precondition(bytes.count % Self.cacheLine == 0, "\(name): \(bytes.count) bytes")
    self.init(
      name: name, type: .uint8, shape: [bytes.count], bytes: bytes, alignment: Self.cacheLine)
  }

  private static let cacheLine = 64

  private init(name: String, type: ElementType, shape: [Int], bytes: [UInt8], alignment: Int) {
    precondition(
      checkedElementCount(shape).map { $0 * type.byteCount } == bytes.count,
      "\(name): \(bytes.count) bytes for \(shape) of \(type.rawValue)")
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bytes
    self.alignment = alignment
  }

  /// Creates an F32 tensor.
  ///
  /// - Precondition: `values.count` is the product of `shape`.
  public init(name: String, shape: [Int], _ values: [Float]) {
    let bytes = unsafe values.withUnsafeBytes { unsafe [UInt8]($0) }
    self.init(name: name, type: .float32, shape: shape, bytes: bytes)
  }
}

extension SafetensorsFile {
  /// Writes `tensors` and `metadata` to a temporary file beside `path`, then renames it to `path`,
  /// so a reader sees either the old file or the complete new one.
  ///
  /// Tensors are written in order of alignment, widest first, so each of them is aligned; the first
  /// one starts at a multiple of 64 bytes.
  ///
  /// - Precondition: No two tensors have the same name.
  /// - Throws: ``SafetensorsError`` with `disk_full` or `write_failed`.
  public static func write(
    to path: String, tensors: [WritableTensor], metadata: [String: String] = [:]
  ) throws(SafetensorsError) {
    precondition(Set(tensors.map(\.name)).count == tensors.count, "two tensors have the same name")
    let inOrder = tensors.sorted {
      ($1.alignment, $0.name) < ($0.alignment, $1.name)
    }
    let header = headerBytes(inOrder, metadata)
    func append(_ bytes: [UInt8], to file: AtomicFile) throws(SafetensorsError) {
      do { try file.write(bytes) } catch { throw SafetensorsError(error) }
    }
    try writeAtomically(to: path, failure: { SafetensorsError($0) }) {
      (file) throws(SafetensorsError) in
      try append(header, to: file)
      for tensor in inOrder { try append(tensor.bytes, to: file) }
    }
  }

  private static func headerBytes(
    _ tensors: [WritableTensor], _ metadata: [String: String]
  ) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(jsonString($0.key)):\(jsonString($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.bytes.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(jsonString(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var json = [UInt8]("{\(members.joined(separator: ","))}".utf8)
    while (json.count + 8) % 64 != 0 { json.append(UInt8(ascii: " ")) }
    let length = UInt64(json.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + json
  }
}

/// `text` in quotes, escaped as JSON requires.
private func jsonString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{00}"..<"\u{20}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
