internal import Models
internal import Layers

/// The members of a zip file that are stored without compression, which is how PyTorch writes
/// checkpoints.
///
/// PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3 (zip64). Nothing is decompressed.
struct ZipArchive: Sendable {
  let path: String
  /// The file's bytes.
  let file: MappedFile
  /// Range of each member's bytes in the file.
  private(set) var members: [String: Range<Int>] = [:]

  init(_ file: MappedFile) throws(ModelFileError) {
    self.file = file
    path = file.path
    let directory = try findDirectory()
    try readDirectory(directory)
  }

  /// The bytes of a member; throws an error that names it if it is missing or too long.
  func bytes(_ name: String, atMost limit: Int) throws(ModelFileError) -> [UInt8] {
    guard let range = members[name] else { throw damaged("The archive has no member \(name).") }
    guard range.count <= limit else {
      throw ModelFileError(
        .tooLarge, path: path,
        message: "The member \(name) has \(range.count) bytes; \(limit) are allowed.",
        remedy: "Save only the weights: torch.save(model.state_dict(), FILE).")
    }
    return file.copy(range)
  }

  func damaged(_ message: String) -> ModelFileError {
    ModelFileError(
      .damaged, path: path, message: message,
      remedy: "The file is damaged or truncated; download it or create it again.")
  }

  /// Bytes of the directory: a hundred thousand tensors.
  private static let largestDirectory = 8 << 20

  /// Offset, size and number of entries of the central directory.
  private struct Directory {
    var range: Range<Int>
    var count: UInt64
  }

  private func findDirectory() throws(ModelFileError) -> Directory {
    // The end record has 22 bytes and a comment of at most 65535.
    let size = file.byteCount
    let tailStart = max(0, size - 22 - 0xFFFF)
    let tail = ByteReader(file.copy(tailStart..<size))
    var position = tail.count - 22
    while position >= 0 {
      if tail.uint32(position) == 0x0605_4B50, let comment = tail.uint16(position + 20),
        position + 22 + Int(comment) == tail.count
      {
        return try directory(tail, position, tailStart)
      }
      position -= 1
    }
    throw damaged("The zip archive has no end record.")
  }

  private func directory(
    _ tail: ByteReader, _ end: Int, _ tailStart: Int
  ) throws(ModelFileError) -> Directory {
    var count = UInt64(tail.uint16(end + 10) ?? 0)
    var size = UInt64(tail.uint32(end + 12) ?? 0)
    var offset = UInt64(tail.uint32(end + 16) ?? 0)
    let locator = tailStart + end - 20
    if locator >= 0 {
      let reader = ByteReader(file.copy(locator..<locator + 20))
      if reader.uint32(0) == 0x0706_4B50, let position = reader.uint64(8) {
        let record = ByteReader(try copy(position, 56))
        guard record.uint32(0) == 0x0606_4B50 else {
          throw damaged("The zip archive has an invalid zip64 end record.")
        }
        count = record.uint64(32) ?? 0
        size = record.uint64(40) ?? 0
        offset = record.uint64(48) ?? 0
      }
    }
    return Directory(range: try range(offset, size), count: count)
  }

  private mutating func readDirectory(_ directory: Directory) throws(ModelFileError) {
    guard directory.range.count <= Self.largestDirectory else {
      throw ModelFileError(
        .tooLarge, path: path,
        message: "The zip archive's directory has more than \(Self.largestDirectory >> 20) MiB.",
        remedy: "Load the file in PyTorch and save its state_dict() again.")
    }
    let reader = ByteReader(file.copy(directory.range))
    var position = 0
    var count: UInt64 = 0
    while position < reader.count {
      guard reader.uint32(position) == 0x0201_4B50, let flags = reader.uint16(position + 8),
        let method = reader.uint16(position + 10), let packed = reader.uint32(position + 20),
        let unpacked = reader.uint32(position + 24), let nameLength = reader.uint16(position + 28),
        let extraLength = reader.uint16(position + 30),
        let commentLength = reader.uint16(position + 32), let header = reader.uint32(position + 42),
        let nameBytes = reader.bytes(position + 46, Int(nameLength)),
        let extra = reader.bytes(position + 46 + Int(nameLength), Int(extraLength)),
        let name = String(validating: nameBytes, as: UTF8.self)
      else { throw damaged("The zip archive's directory is invalid.") }
      var sizes = [UInt64(unpacked), UInt64(packed), UInt64(header)]
      try widen(&sizes, extra: ByteReader(extra), name)
      guard flags & 1 == 0, method == 0, sizes[0] == sizes[1] else {
        throw ModelFileError(
          .unsupportedFormat, path: path,
          message: "The member \(name) is compressed or encrypted, which PyTorch never does.",
          remedy: "Load the file in PyTorch and save its state_dict() again.")
      }
      let bytes = try memberRange(header: sizes[2], size: sizes[0], name)
      guard members.updateValue(bytes, forKey: name) == nil else {
        throw damaged("The archive has two members called \(name).")
      }
      position += 46 + Int(nameLength) + Int(extraLength) + Int(commentLength)
      count += 1
    }
    guard count == directory.count else {
      throw damaged("The archive has \(count) members, but claims \(directory.count).")
    }
  }

  /// Replaces sizes that do not fit in 32 bits with those of the zip64 field.
  private func widen(
    _ sizes: inout [UInt64], extra: ByteReader, _ name: String
  ) throws(ModelFileError) {
    guard sizes.contains(0xFFFF_FFFF) else { return }
    var position = 0
    while let tag = extra.uint16(position), let length = extra.uint16(position + 2) {
      var field = position + 4
      if tag == 1 {
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF {
          guard field + 8 <= position + 4 + Int(length), let size = extra.uint64(field) else {
            throw damaged("The member \(name) has an invalid zip64 field.")
          }
          sizes[index] = size
          field += 8
        }
        return
      }
      position += 4 + Int(length)
    }
    throw damaged("The member \(name) lacks its zip64 field.")
  }

  private func memberRange(
    header: UInt64, size: UInt64, _ name: String
  ) throws(ModelFileError) -> Range<Int> {
    let local = ByteReader(try copy(header, 30))
    guard local.uint32(0) == 0x0403_4B50, let nameLength = local.uint16(26),
      let extraLength = local.uint16(28)
    else { throw damaged("The member \(name) is not where the directory says.") }
    let (start, overflows) = header.addingReportingOverflow(
      30 + UInt64(nameLength) + UInt64(extraLength))
    guard !overflows else { throw damaged("The member \(name) is outside the file.") }
    return try range(start, size)
  }

  private func copy(_ offset: UInt64, _ count: UInt64) throws(ModelFileError) -> [UInt8] {
    file.copy(try range(offset, count))
  }

  private func range(_ offset: UInt64, _ count: UInt64) throws(ModelFileError) -> Range<Int> {
    let (end, overflows) = offset.addingReportingOverflow(count)
    guard !overflows, end <= UInt64(file.byteCount) else {
      throw damaged("A part of the archive is outside the file.")
    }
    return Int(offset)..<Int(end)
  }
}
