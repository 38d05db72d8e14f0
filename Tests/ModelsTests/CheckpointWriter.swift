import Foundation

/// Writes PyTorch checkpoints byte by byte, valid and invalid ones.
struct CheckpointWriter {
  /// One tensor: a view of its own storage.
  struct Tensor {
    var name: String
    var shape: [Int]
    var strides: [Int]
    var offset = 0
    var storage: [Float]
    /// Number of elements that the pickle claims for the storage.
    var claimed: Int

    init(_ name: String, _ shape: [Int], _ storage: [Float], strides: [Int]? = nil, offset: Int = 0)
    {
      self.name = name
      self.shape = shape
      self.storage = storage
      self.offset = offset
      claimed = storage.count
      self.strides =
        strides
        ?? shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    }
  }

  var tensors: [Tensor]
  /// Keys of the dictionaries around the state dictionary, outermost first.
  var nesting: [String] = []
  /// Whether the dictionary gets an attribute, like `_metadata` of a module's state.
  var hasMetadata = true

  /// The whole archive.
  func archive(isZip64: Bool = false) -> [UInt8] {
    var members: [(String, [UInt8])] = [
      ("archive/data.pkl", pickle()), ("archive/byteorder", [UInt8]("little".utf8)),
    ]
    for (index, tensor) in tensors.enumerated() {
      members.append(("archive/data/\(index)", tensor.storage.flatMap { little($0.bitPattern) }))
    }
    return ZipWriter(members: members, isZip64: isZip64).bytes()
  }

  /// The file in PyTorch's format before 1.6.
  func legacy() -> [UInt8] {
    var file: [UInt8] = [
      0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
    ]
    file += [0x2E, 0x80, 2, 0x4D, 0xE9, 3, 0x2E]
    file += [0x80, 2, 0x7D] + text("little_endian") + [0x88, 0x73, 0x2E]
    file += pickle(isLegacy: true) + [0x80, 2, 0x5D, 0x28]
    for index in tensors.indices { file += text("\(index)") }
    file += [0x65, 0x2E]
    for tensor in tensors {
      file += little(UInt64(tensor.storage.count))
      file += tensor.storage.flatMap { little($0.bitPattern) }
    }
    return file
  }

  /// The pickle that builds the dictionary.
  func pickle(isLegacy: Bool = false) -> [UInt8] {
    var code: [UInt8] = [0x80, 2]
    for key in nesting { code += [0x7D] + text(key) }
    code += global("collections", "OrderedDict") + [0x29, 0x52, 0x28]
    for (index, tensor) in tensors.enumerated() {
      code += text(tensor.name) + global("torch._utils", "_rebuild_tensor_v2") + [0x28]
      code += [0x28] + text("storage") + global("torch", "FloatStorage") + text("\(index)")
      code += text("cpu") + integer(tensor.claimed) + (isLegacy ? [0x4E] : [])
      code += [0x74, 0x51]
      code += integer(tensor.offset) + tuple(tensor.shape) + tuple(tensor.strides) + [0x89]
      code += global("collections", "OrderedDict") + [0x29, 0x52, 0x74, 0x52]
    }
    code.append(0x75)
    if hasMetadata { code += [0x7D] + text("_metadata") + [0x7D, 0x73, 0x62] }
    for _ in nesting { code.append(0x73) }
    return code + [0x2E]
  }

  func global(_ module: String, _ name: String) -> [UInt8] {
    [0x63] + [UInt8]("\(module)\n\(name)\n".utf8)
  }

  private func text(_ text: String) -> [UInt8] {
    [0x58] + little(UInt32(text.utf8.count)) + [UInt8](text.utf8)
  }

  private func integer(_ value: Int) -> [UInt8] {
    [0x8A, 8] + little(UInt64(bitPattern: Int64(value)))
  }

  private func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(integer) + [0x74] }
}

/// Writes zip archives of stored members.
struct ZipWriter {
  var members: [(name: String, bytes: [UInt8])]
  /// Whether sizes and offsets are in 64-bit fields.
  var isZip64 = false
  var method: UInt16 = 0

  func bytes() -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      let header = file.count
      let size = UInt32(content.count)
      let name = [UInt8](name.utf8)
      file += little(UInt32(0x0403_4B50)) + zeros(4) + little(method) + zeros(8)
      file += little(size) + little(size) + little(UInt16(name.count)) + zeros(2) + name + content
      directory += entry(name, size, header)
    }
    return file + directory + end(directory.count, at: file.count)
  }

  private func entry(_ name: [UInt8], _ size: UInt32, _ header: Int) -> [UInt8] {
    var extra: [UInt8] = []
    if isZip64 {
      extra = little(UInt16(1)) + little(UInt16(24)) + little(UInt64(size)) + little(UInt64(size))
      extra += little(UInt64(header))
    }
    let sizes = isZip64 ? little(UInt64.max) : little(size) + little(size)
    return little(UInt32(0x0201_4B50)) + zeros(6) + little(method) + zeros(8) + sizes
      + little(UInt16(name.count)) + little(UInt16(extra.count)) + zeros(10)
      + (isZip64 ? little(UInt32.max) : little(UInt32(header))) + name + extra
  }

  private func end(_ size: Int, at offset: Int) -> [UInt8] {
    let count = UInt64(members.count)
    var record: [UInt8] = []
    if isZip64 {
      record = little(UInt32(0x0606_4B50)) + little(UInt64(44)) + zeros(12) + little(count)
      record += little(count) + little(UInt64(size)) + little(UInt64(offset))
      record += little(UInt32(0x0706_4B50)) + zeros(4) + little(UInt64(offset + size))
      record += little(UInt32(1))
    }
    let short = little(UInt16(clamping: count))
    return record + little(UInt32(0x0605_4B50)) + zeros(4) + short + short
      + little(UInt32(size)) + little(UInt32(offset)) + zeros(2)
  }

  private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}

/// The bytes of a number, in little-endian order.
func little(_ value: some FixedWidthInteger) -> [UInt8] {
  (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
