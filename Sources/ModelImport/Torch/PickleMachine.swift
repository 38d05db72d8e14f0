internal import Models
internal import Layers

/// Reads the pickles of PyTorch's checkpoints (protocols 2 to 5) without executing anything.
///
/// A pickle is a program for a stack machine (Python's `pickletools` documents each opcode).
/// Opcodes that build plain data are executed. Calls are accepted only for the few functions in
/// ``PickleGlobal``, which are replaced by our own rules. Anything else is an error that names it.
struct PickleMachine {
  private let path: String
  private let bytes: ByteReader
  /// Position of the next opcode; after a run, of the end of the pickle.
  private(set) var position: Int
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  private var stack: [PickleValue] = []
  /// How many more values may be made, recalled or memoised.
  private var valuesLeft = PickleLimits.values
  /// Every storage and tensor.
  private(set) var storages: [TorchStorage] = []
  private(set) var tensors: [TorchTensor] = []
  /// Number of list items that became items of ordered dictionaries.
  var copiedItems = 0
  /// The number format of every storage that was referred to, by the storage's key.
  var storageTypes: [String: ElementType] = [:]
  /// The items of every tuple and list.
  private(set) var sequences: [[PickleValue]] = []
  /// The items of every dictionary, in the order in which they were set.
  private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []

  /// Reads the pickle that starts at `start` in `bytes`.
  init(_ bytes: [UInt8], from start: Int = 0, path: String) {
    self.bytes = ByteReader(bytes)
    self.path = path
    position = start
  }

  /// Runs the pickle to its end.
  mutating func run() throws(ModelFileError) -> PickleValue {
    while true {
      let opcode = try byte()
      if opcode == UInt8(ascii: ".") { return try pop() }
      try execute(opcode)
    }
  }

  /// Bytes of the pickle; each item of a valid one takes at least one.
  var size: Int { bytes.count }

  // MARK: Faults

  func damaged(_ message: String) -> ModelFileError {
    ModelFileError(
      .damaged, path: path, message: "\(message) (byte \(position) of the pickle)",
      remedy: "The file is damaged; download it or create it again.")
  }

  func refused(_ message: String) -> ModelFileError {
    ModelFileError(
      .unsafePickle, path: path, message: message,
      remedy: "Save only the weights: torch.save(model.state_dict(), FILE).")
  }

  // MARK: Operands

  mutating func byte() throws(ModelFileError) -> UInt8 {
    guard let value = bytes.uint8(position) else { throw damaged("The pickle is not terminated.") }
    position += 1
    return value
  }

  mutating func take(_ count: Int) throws(ModelFileError) -> [UInt8] {
    guard let value = bytes.bytes(position, count) else {
      throw damaged("The pickle is truncated.")
    }
    position += count
    return value
  }

  /// A little-endian count of `size` bytes.
  mutating func count(_ size: Int) throws(ModelFileError) -> Int {
    var value: UInt64 = 0
    for byte in try take(size).reversed() { value = value << 8 | UInt64(byte) }
    guard let count = Int(exactly: value) else {
      throw damaged("A length does not fit in 63 bits.")
    }
    return count
  }

  mutating func line() throws(ModelFileError) -> String {
    var text: [UInt8] = []
    while case let byte = try byte(), byte != 0x0A { text.append(byte) }
    return try utf8(text)
  }

  func utf8(_ bytes: [UInt8]) throws(ModelFileError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw damaged("A string is not UTF-8.")
    }
    return text
  }

  // MARK: Stack

  /// - Throws: ``ModelFileError`` with `too_large` if the pickle has had its share.
  private mutating func count() throws(ModelFileError) {
    guard valuesLeft > 0 else {
      throw ModelFileError(
        .tooLarge, path: path, message: "The pickle has more than \(PickleLimits.values) values.",
        remedy: "Save only the weights: torch.save(model.state_dict(), FILE).")
    }
    valuesLeft -= 1
  }

  mutating func push(_ value: PickleValue) throws(ModelFileError) {
    try count()
    stack.append(value)
  }

  mutating func push(_ storage: TorchStorage) throws(ModelFileError) {
    storages.append(storage)
    try push(.storage(storages.count - 1))
  }

  mutating func push(_ tensor: TorchTensor) throws(ModelFileError) {
    tensors.append(tensor)
    try push(.tensor(tensors.count - 1))
  }

  mutating func pop() throws(ModelFileError) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
      throw damaged("The pickle pops from an empty stack.")
    }
    return value
  }

  func top() throws(ModelFileError) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.last else {
      throw damaged("The pickle pops from an empty stack.")
    }
    return value
  }

  mutating func mark() throws(ModelFileError) {
    try count()
    marks.append(stack.count)
  }

  mutating func popToMark() throws(ModelFileError) -> [PickleValue] {
    guard let mark = marks.popLast(), mark <= stack.count else {
      throw damaged("The pickle pops to a mark that does not exist.")
    }
    let items = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return items
  }

  mutating func pushTuple(_ items: [PickleValue]) throws(ModelFileError) {
    sequences.append(items)
    try push(.tuple(sequences.count - 1))
  }

  mutating func pushTuple(popping count: Int) throws(ModelFileError) {
    var items: [PickleValue] = []
    for _ in 0..<count { items.append(try pop()) }
    try pushTuple(items.reversed())
  }

  mutating func pushList(_ items: [PickleValue]) throws(ModelFileError) {
    sequences.append(items)
    try push(.list(sequences.count - 1))
  }

  mutating func pushDictionary(_ items: [PickleValue]) throws(ModelFileError) {
    dictionaries.append([])
    try push(.dictionary(dictionaries.count - 1))
    try set(items)
  }

  /// Appends `items` to the list on top of the stack.
  mutating func append(_ items: [PickleValue]) throws(ModelFileError) {
    guard case .list(let index) = try top() else {
      throw damaged("The pickle appends to something other than a list.")
    }
    sequences[index] += items
  }

  /// Sets `items` (key, value, key, value …) in the dictionary on top of the stack.
  mutating func set(_ items: [PickleValue]) throws(ModelFileError) {
    guard case .dictionary(let index) = try top(), items.count % 2 == 0 else {
      throw damaged("The pickle sets items of something other than a dictionary.")
    }
    for pair in stride(from: 0, to: items.count, by: 2) {
      dictionaries[index].append((items[pair], items[pair + 1]))
    }
  }

  // MARK: Memo

  mutating func memoize(at index: Int?) throws(ModelFileError) {
    try count()
    memo[index ?? memo.count] = try top()
  }

  mutating func recall(_ index: Int) throws(ModelFileError) {
    guard let value = memo[index] else {
      throw damaged("The pickle recalls a value that it never stored.")
    }
    try push(value)
  }
}
