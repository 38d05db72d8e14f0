/// A `.safetensors` file, mapped into memory and checked before any tensor is handed out.
///
/// The format is a length (8 bytes, little-endian), a JSON header of that length and the tensors'
/// bytes (https://github.com/huggingface/safetensors, "Format"). Nothing in the file is trusted:
/// lengths, types, shapes and offsets have to agree with each other and with the size of the file,
/// and the tensors have to fill it without gaps or overlaps.
public struct SafetensorsFile: Sendable {
  /// The longest header that is read, in bytes: 32 MiB.
  ///
  /// The format allows 100 MB.
  public static let longestHeader = 32 << 20

  /// The path as it was given.
  public let path: String
  /// Size of the file in bytes.
  public let byteCount: Int
  /// The free-form strings of the header.
  public let metadata: [String: String]
  /// Names of the tensors in alphabetical order.
  public let names: [String]

  private let file: MappedFile
  private let entries: [String: HeaderEntry]
  private let dataStart: Int

  /// Maps and checks the file at `path`.
  ///
  /// - Throws: ``SafetensorsError`` if the file is missing, unreadable, damaged or invalid.
  public init(path: String) throws(SafetensorsError) {
    try self.init(MappedFile(path: path))
  }

  /// Checks a file that is in memory already.
  ///
  /// - Throws: ``SafetensorsError`` if it is damaged or invalid.
  package init(_ file: MappedFile) throws(SafetensorsError) {
    let path = file.path
    guard file.byteCount >= 8 else {
      throw SafetensorsError(
        .truncated, path: path,
        message: "The file has only \(file.byteCount) bytes, too few for a header.",
        remedy: damagedRemedy)
    }
    let length = file.withBytes(in: 0..<8) { bytes in
      UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(as: UInt64.self))
    }
    guard length <= UInt64(Self.longestHeader) else {
      throw SafetensorsError(
        .headerTooLarge, path: path,
        message: "The header claims \(length) bytes; \(Self.longestHeader) are allowed.",
        remedy: damagedRemedy)
    }
    let dataStart = 8 + Int(length)
    guard dataStart <= file.byteCount else {
      throw SafetensorsError(
        .truncated, path: path,
        message: "The header claims \(length) bytes, but the file has only \(file.byteCount).",
        remedy: damagedRemedy)
    }
    let header = try SafetensorsHeader(file.copy(8..<dataStart), path: path)
    try header.checkLayout(dataBytes: file.byteCount - dataStart, path: path)
    self.path = path
    self.byteCount = file.byteCount
    self.metadata = header.metadata
    self.names = header.entries.keys.sorted()
    self.file = file
    self.entries = header.entries
    self.dataStart = dataStart
  }

  /// Lends all bytes of the file.
  public func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try file.withBytes(in: 0..<byteCount, body)
  }

  /// Returns the file's memory to the system until it is used again, except for the tensors `kept`
  /// and everything before them.
  package func releasePages(except kept: [String] = []) {
    let end = kept.compactMap { entries[$0]?.range.upperBound }.max() ?? 0
    file.releasePages(from: dataStart + end)
  }

  /// The tensor called `name`, or `nil` if there is none.
  public func tensor(_ name: String) -> StoredTensor? {
    guard let entry = entries[name] else { return nil }
    let range = dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound
    return StoredTensor(name: name, type: entry.type, shape: entry.shape, file: file, range: range)
  }
}
