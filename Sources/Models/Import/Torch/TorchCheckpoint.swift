internal import Layers

/// Reads the tensors of a PyTorch checkpoint: `torch.save(model.state_dict(), FILE)`.
enum TorchCheckpoint {
  /// More than any list of names and shapes takes; the numbers themselves lie outside the pickle.
  private static let largestPickle = 64 << 20

  /// - Throws: ``ModelFileError`` for whatever is damaged, unsafe or of an older format.
  static func read(_ file: MappedFile) throws(ModelFileError) -> ImportSource {
    let archive = try ZipArchive(file)
    let pickles = archive.members.keys.filter { $0.hasSuffix("/data.pkl") }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw ModelFileError(
        .unsupportedFormat, path: file.path, message: "The zip archive is no PyTorch checkpoint.",
        remedy: "Save the weights with torch.save(model.state_dict(), FILE).")
    }
    let folder = String(pickle.dropLast("data.pkl".count))
    guard archive.members[folder + "constants.pkl"] == nil else {
      throw ModelFileError(
        .unsupportedFormat, path: file.path, message: "This is a TorchScript program.",
        remedy: "Save its weights with torch.save(model.state_dict(), FILE).")
    }
    if archive.members[folder + "byteorder"] != nil {
      guard try archive.bytes(folder + "byteorder", atMost: 16) == [UInt8]("little".utf8) else {
        throw ModelFileError(
          .unsupportedFormat, path: file.path, message: "The numbers are big-endian.",
          remedy: "Save the file again on a little-endian machine.")
      }
    }
    var machine = PickleMachine(
      try archive.bytes(pickle, atMost: largestPickle), path: file.path)
    let root = try machine.run()
    let named = try stateDictionary(root, machine, file.path)
    var tensors: [String: SourceTensor] = [:]
    for (name, tensor) in named {
      tensors[name] = try source(name, tensor, archive, folder)
    }
    return ImportSource(path: file.path, kind: "PyTorch", tensors: tensors)
  }

  /// The names and tensors of `root`, which may keep them under one of the usual keys.
  private static func stateDictionary(
    _ root: PickleValue, _ machine: PickleMachine, _ path: String
  ) throws(ModelFileError) -> [(String, TorchTensor)] {
    var value = root
    for _ in 0..<4 {
      guard case .dictionary(let index) = value else { break }
      let items = machine.dictionaries[index]
      let nested = ["state_dict", "model_state_dict", "model", "net"].lazy.compactMap { key in
        items.last { item in
          guard case .string(key) = item.key, case .dictionary = item.value else { return false }
          return true
        }
      }.first
      guard let nested else { return try tensors(items, path) }
      value = nested.value
    }
    throw ModelFileError(
      .unsupportedFormat, path: path, message: "The checkpoint holds no dictionary of tensors.",
      remedy: "Save the weights with torch.save(model.state_dict(), FILE).")
  }

  private static func tensors(
    _ items: [(key: PickleValue, value: PickleValue)], _ path: String
  ) throws(ModelFileError) -> [(String, TorchTensor)] {
    var named: [(String, TorchTensor)] = []
    for item in items {
      guard case .string(let name) = item.key, case .tensor(let tensor) = item.value else {
        var what = "an entry"
        if case .string(let name) = item.key { what = "the entry \(name)" }
        throw ModelFileError(
          .unsupportedFormat, path: path,
          message: "The checkpoint has \(what), which is no tensor.",
          remedy: "Save only the weights: torch.save(model.state_dict(), FILE).")
      }
      named.append((name, tensor))
    }
    return named
  }

  private static func source(
    _ name: String, _ tensor: TorchTensor, _ archive: ZipArchive, _ folder: String
  ) throws(ModelFileError) -> SourceTensor {
    let member = folder + "data/" + tensor.storage.key
    let size = tensor.storage.type.byteCount
    guard let range = archive.members[member] else {
      throw archive.damaged("The tensor \(name) has no data (\(member)).")
    }
    guard let end = tensor.end, end <= range.count / size else {
      throw archive.damaged("The tensor \(name) leaves its data of \(range.count) bytes.")
    }
    let file = archive.file
    return SourceTensor(shape: tensor.shape, type: tensor.storage.type) {
      () throws(ModelFileError) in
      if tensor.isContiguous {
        let count = checkedElementCount(tensor.shape) ?? 0
        let start = range.lowerBound + (count == 0 ? 0 : tensor.offset) * size
        return file.withBytes(in: start..<start + count * size) {
          widen($0, from: tensor.storage.type)
        }
      }
      let numbers = file.withBytes(in: range.lowerBound..<range.lowerBound + end * size) {
        widen($0, from: tensor.storage.type)
      }
      return gather(numbers, tensor)
    }
  }

  /// The tensor's numbers in the order of its shape.
  private static func gather(_ numbers: [Float], _ tensor: TorchTensor) -> [Float] {
    var result: [Float] = []
    let count = checkedElementCount(tensor.shape) ?? 0
    result.reserveCapacity(count)
    var index = [Int](repeating: 0, count: tensor.shape.count)
    var position = tensor.offset
    for _ in 0..<count {
      result.append(numbers[position])
      // Counts on like an odometer, the last side fastest.
      for side in index.indices.reversed() where tensor.shape[side] > 1 {
        index[side] += 1
        position += tensor.strides[side]
        if index[side] < tensor.shape[side] { break }
        position -= index[side] * tensor.strides[side]
        index[side] = 0
      }
    }
    return result
  }
}
