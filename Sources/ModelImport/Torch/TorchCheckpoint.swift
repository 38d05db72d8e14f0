internal import Models
internal import Layers

/// Reads the tensors of a PyTorch checkpoint: `torch.save(model.state_dict(), FILE)`.
enum TorchCheckpoint {
  /// - Throws: ``ModelFileError`` if anything is damaged, unsafe or in an unsupported format.
  static func read(_ file: MappedFile) throws(ModelFileError) -> ImportSource {
    let archive = try ZipArchive(file)
    let pickles = archive.members.keys.filter { $0.hasSuffix("/data.pkl") }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw ModelFileError(
        .unsupportedFormat, path: file.path,
        message: "The zip archive is not a PyTorch checkpoint.",
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
      try archive.bytes(pickle, atMost: PickleLimits.bytes), path: file.path)
    let root = try machine.run()
    let storages = TorchStorages(
      file: file,
      ranges: Dictionary(
        uniqueKeysWithValues: archive.members.compactMap { name, range in
          name.hasPrefix(folder + "data/")
            ? (String(name.dropFirst(folder.count + "data/".count)), range) : nil
        }))
    return try source(root, machine, storages)
  }

  /// The tensors of the dictionary `root`, which `machine` built.
  private static func source(
    _ root: PickleValue, _ machine: PickleMachine, _ storages: TorchStorages
  ) throws(ModelFileError) -> ImportSource {
    var source = ImportSource(path: storages.file.path, kind: "PyTorch", tensors: [:])
    for (name, tensor) in try stateDictionary(root, machine, storages.file.path) {
      source.tensors[name] = try storages.tensor(name, tensor)
    }
    return source
  }

  /// The names and tensors of `root`, which may have them under one of the usual keys.
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
      guard let nested else { return try tensors(items, machine, path) }
      value = nested.value
    }
    throw ModelFileError(
      .unsupportedFormat, path: path,
      message: "The checkpoint does not contain a dictionary of tensors.",
      remedy: "Save the weights with torch.save(model.state_dict(), FILE).")
  }

  private static func tensors(
    _ items: [(key: PickleValue, value: PickleValue)], _ machine: PickleMachine, _ path: String
  ) throws(ModelFileError) -> [(String, TorchTensor)] {
    var named: [(String, TorchTensor)] = []
    for item in items {
      guard case .string(let name) = item.key, name.utf8.count <= PickleLimits.name,
        case .tensor(let tensor) = item.value
      else {
        var entry = "an entry"
        if case .string(let name) = item.key { entry = "the entry \(name.prefix(200))" }
        throw ModelFileError(
          .unsupportedFormat, path: path,
          message: "The checkpoint has \(entry), which is not a tensor.",
          remedy: "Save only the weights: torch.save(model.state_dict(), FILE).")
      }
      named.append((name, machine.tensors[tensor]))
    }
    return named
  }

  // MARK: Before PyTorch 1.6

  /// Reads a checkpoint in the format before PyTorch 1.6: the pickles of the version, of the
  /// machine, of the object and of the list of its storages' keys, then each storage as a 64-bit
  /// count and its numbers.
  ///
  /// - Throws: ``ModelFileError`` if anything is damaged or unsafe.
  static func readLegacy(_ file: MappedFile) throws(ModelFileError) -> ImportSource {
    let bytes = file.copy(0..<min(file.byteCount, PickleLimits.bytes))
    var position = FileKind.legacyCheckpointMagic.count
    func next() throws(ModelFileError) -> (value: PickleValue, machine: PickleMachine) {
      var machine = PickleMachine(bytes, from: position, path: file.path)
      let value = try machine.run()
      position = machine.position
      return (value, machine)
    }
    guard case .int(1001) = try next().value else {
      throw unsupported(file.path, "The version of the checkpoint is unknown.")
    }
    let (system, systemMachine) = try next()
    guard case .dictionary(let index) = system,
      systemMachine.dictionaries[index].contains(where: { item in
        if case .string("little_endian") = item.key, case .bool(true) = item.value {
          true
        } else {
          false
        }
      })
    else { throw unsupported(file.path, "The numbers are big-endian.") }
    let (root, machine) = try next()
    let (keys, keysMachine) = try next()
    var storages = TorchStorages(file: file, ranges: [:])
    guard case .list(let list) = keys else {
      throw machine.damaged("The list of storages is missing.")
    }
    let types = machine.storageTypes
    for item in keysMachine.sequences[list] {
      guard case .string(let key) = item, let type = types[key] else {
        throw machine.damaged("A storage has no key, or no tensor uses it.")
      }
      guard position <= file.byteCount - 8,
        let count = ByteReader(file.copy(position..<position + 8)).uint64(0),
        count <= UInt64((file.byteCount - position - 8) / type.byteCount)
      else { throw storages.damaged("The file ends inside the storage \(key).") }
      let start = position + 8
      position = start + Int(count) * type.byteCount
      guard storages.ranges.updateValue(start..<position, forKey: key) == nil else {
        throw storages.damaged("The storage \(key) exists twice.")
      }
    }
    return try source(root, machine, storages)
  }

  private static func unsupported(_ path: String, _ message: String) -> ModelFileError {
    ModelFileError(
      .unsupportedFormat, path: path, message: message,
      remedy: "Load the file in PyTorch and save its state_dict() again.")
  }
}
