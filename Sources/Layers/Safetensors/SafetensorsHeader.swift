/// The entry of one tensor in the JSON header.
struct HeaderEntry {
  var type: ElementType
  var shape: [Int]
  /// Bytes, counted from the end of the header.
  var range: Range<Int>
}

/// The JSON header, parsed strictly.
///
/// The structure of the header is fixed (an object of objects), so parsing never recurses and its
/// depth is bounded. Unlike general JSON decoders, this one rejects duplicate names.
struct SafetensorsHeader {
  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [String: HeaderEntry] = [:]

  init(_ bytes: [UInt8], path: String) throws(SafetensorsError) {
    var reader = JSONReader(bytes, path: path)
    try reader.object { (reader, name) throws(SafetensorsError) in
      if name == "__metadata__" {
        metadata = try Self.metadata(&reader)
      } else {
        guard entries.count < Self.mostTensors else {
          throw reader.fault(
            .headerTooLarge, "The file has more than \(Self.mostTensors) tensors.")
        }
        entries[name] = try Self.entry(&reader, name)
      }
    }
    try reader.end()
  }

  /// Tensors of a file, at most.
  private static let mostTensors = 100_000

  private static func metadata(
    _ reader: inout JSONReader
  ) throws(SafetensorsError) -> [String: String] {
    var metadata: [String: String] = [:]
    try reader.object { (reader, key) throws(SafetensorsError) in
      metadata[key] = try reader.string()
    }
    return metadata
  }

  private static func entry(
    _ reader: inout JSONReader, _ name: String
  ) throws(SafetensorsError) -> HeaderEntry {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try reader.object { (reader, key) throws(SafetensorsError) in
      switch key {
      case "dtype":
        let typeName = try reader.string()
        type = ElementType(rawValue: typeName)
        if type == nil {
          throw reader.fault(.unknownType, "Tensor \(name) has the unknown type \(typeName).")
        }
      case "shape": shape = try reader.integers(atMost: 16)
      case "data_offsets": offsets = try reader.integers(atMost: 2)
      default: throw reader.fault(.invalidHeader, "Tensor \(name) has the unknown key \(key).")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw reader.fault(.invalidHeader, "Tensor \(name) lacks dtype, shape or data_offsets.")
    }
    guard offsets[0] <= offsets[1] else {
      throw reader.fault(.invalidOffsets, "Tensor \(name) ends before it begins.")
    }
    return HeaderEntry(type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// Checks that the tensors fill `dataBytes` without gaps or overlaps, and that every shape
  /// matches its number of bytes.
  func checkLayout(dataBytes: Int, path: String) throws(SafetensorsError) {
    func fault(_ code: SafetensorsError.Code, _ message: String) -> SafetensorsError {
      SafetensorsError(code, path: path, message: message, remedy: damagedRemedy)
    }
    var end = 0
    let inOrder = entries.sorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
        < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
    }
    for (name, entry) in inOrder {
      guard let count = checkedElementCount(entry.shape),
        case let (bytes, overflows) = count.multipliedReportingOverflow(by: entry.type.byteCount),
        !overflows
      else { throw fault(.invalidShape, "Tensor \(name) has the impossible shape \(entry.shape).") }
      guard bytes == entry.range.count else {
        throw fault(
          .invalidShape,
          "Tensor \(name) of shape \(entry.shape) has \(entry.range.count) bytes instead of \(bytes)."
        )
      }
      guard entry.range.upperBound <= dataBytes else {
        throw fault(
          .truncated,
          "Tensor \(name) ends \(entry.range.upperBound - dataBytes) bytes past the end.")
      }
      guard entry.range.lowerBound == end else {
        let problem = entry.range.lowerBound < end ? "overlaps the one before it" : "follows a gap"
        throw fault(.invalidOffsets, "Tensor \(name) \(problem).")
      }
      end = entry.range.upperBound
    }
    guard end == dataBytes else {
      throw fault(
        .invalidOffsets, "\(dataBytes - end) bytes after the last tensor belong to no tensor.")
    }
  }
}

let damagedRemedy = "The file is damaged or not a safetensors file; download it or create it again."
