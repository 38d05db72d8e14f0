internal import Models
internal import Layers

extension PickleMachine {
  // swift-format-ignore
  /// Executes one opcode; the names are those of Python's `pickletools`.
  mutating func execute(_ opcode: UInt8) throws(ModelFileError) {
    switch UnicodeScalar(opcode) {
    case "\u{80}": // PROTO
      guard (2...5).contains(try byte()) else { throw damaged("The protocol is unknown.") }
    case "\u{95}": _ = try take(8)                                     // FRAME
    case "(": try mark()                                               // MARK
    case "0": _ = try pop()                                            // POP
    case "1": _ = try popToMark()                                      // POP_MARK
    case "2": try push(try top())                                      // DUP

    case "N": try push(.none)                                          // NONE
    case "\u{88}": try push(.bool(true))                               // NEWTRUE
    case "\u{89}": try push(.bool(false))                              // NEWFALSE
    case "K": try push(.int(try count(1)))                             // BININT1
    case "M": try push(.int(try count(2)))                             // BININT2
    case "J": try push(.int(try integer(4)))                           // BININT
    case "\u{8a}": try push(.int(try integer(try count(1))))           // LONG1
    case "\u{8b}": try push(.int(try integer(try count(4))))           // LONG4
    case "G": try push(.double(try double()))                          // BINFLOAT
    case "U": try push(.string(try text(1)))                           // SHORT_BINSTRING
    case "T": try push(.string(try text(4)))                           // BINSTRING
    case "\u{8c}": try push(.string(try text(1)))                      // SHORT_BINUNICODE
    case "X": try push(.string(try text(4)))                           // BINUNICODE
    case "\u{8d}": try push(.string(try text(8)))                      // BINUNICODE8
    case "C": try skipBytes(1)                                         // SHORT_BINBYTES
    case "B": try skipBytes(4)                                         // BINBYTES
    case "\u{8e}", "\u{96}": try skipBytes(8)                          // BINBYTES8, BYTEARRAY8

    case ")": try pushTuple([])                                        // EMPTY_TUPLE
    case "t": try pushTuple(try popToMark())                           // TUPLE
    case "\u{85}": try pushTuple(popping: 1)                           // TUPLE1
    case "\u{86}": try pushTuple(popping: 2)                           // TUPLE2
    case "\u{87}": try pushTuple(popping: 3)                           // TUPLE3
    case "]": try pushList([])                                         // EMPTY_LIST
    case "l": try pushList(try popToMark())                            // LIST
    case "a": let item = try pop(); try append([item])                 // APPEND
    case "e": let items = try popToMark(); try append(items)           // APPENDS
    case "}": try pushDictionary([])                                   // EMPTY_DICT
    case "d": try pushDictionary(try popToMark())                      // DICT
    case "s":                                                          // SETITEM
      let value = try pop()
      let key = try pop()
      try set([key, value])
    case "u": let items = try popToMark(); try set(items)              // SETITEMS

    case "q": try memoize(at: try count(1))                            // BINPUT
    case "r": try memoize(at: try count(4))                            // LONG_BINPUT
    case "\u{94}": try memoize(at: nil)                                // MEMOIZE
    case "h": try recall(try count(1))                                 // BINGET
    case "j": try recall(try count(4))                                 // LONG_BINGET

    case "c":                                                          // GLOBAL
      let module = try line()
      try pushGlobal(module, try line())
    case "\u{93}":                                                     // STACK_GLOBAL
      guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
        throw damaged("A global has no name.")
      }
      try pushGlobal(module, name)
    case "R": try reduce()                                             // REDUCE
    case "b": try build()                                              // BUILD
    case "Q": try pushPersistent()                                     // BINPERSID
    default:
      throw refused("The pickle has the opcode \(opcode), which does not build plain data.")
    }
  }

  /// A signed little-endian number of `size` bytes.
  private mutating func integer(_ size: Int) throws(ModelFileError) -> Int {
    guard size <= 8 else { throw damaged("A number does not fit in 64 bits.") }
    let bytes = try take(size)
    var value = UInt64(bitPattern: (bytes.last ?? 0) & 0x80 == 0 ? 0 : -1)
    for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    return Int(Int64(bitPattern: value))
  }

  /// A big-endian binary64.
  private mutating func double() throws(ModelFileError) -> Double {
    Double(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  private mutating func text(_ size: Int) throws(ModelFileError) -> String {
    try utf8(try take(try count(size)))
  }

  private mutating func skipBytes(_ size: Int) throws(ModelFileError) {
    _ = try take(try count(size))
    try push(.bytes)
  }

  // MARK: Globals

  private mutating func pushGlobal(_ module: String, _ name: String) throws(ModelFileError) {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw refused("The file asks for \(module).\(name), which is not allowed; nothing was run.")
    }
    try push(.global(global))
  }

  private mutating func reduce() throws(ModelFileError) {
    guard case .tuple(let index) = try pop(), case .global(let global) = try pop() else {
      throw refused("The pickle calls something that is not a function.")
    }
    let arguments = sequences[index]
    switch global {
    case .orderedDictionary: try pushDictionary(try pairs(arguments))
    case .rebuildTensor: try push(try tensor(arguments))
    case .rebuildParameter:
      guard case .tensor(let tensor)? = arguments.first else {
        throw damaged("A parameter is not a tensor.")
      }
      try push(.tensor(tensor))
    case .size:
      guard case .tuple(let sides)? = arguments.first else {
        throw damaged("A size is not a tuple.")
      }
      try push(.tuple(sides))
    case .storage:
      throw refused("The pickle calls \(global), which is not a function.")
    }
  }

  /// The items of an ordered dictionary, which Python 2 writes as a list of lists of two items.
  private mutating func pairs(_ arguments: [PickleValue]) throws(ModelFileError) -> [PickleValue] {
    guard let first = arguments.first else { return [] }
    var items: [PickleValue] = []
    guard arguments.count == 1, case .list(let list) = first else {
      throw damaged("An ordered dictionary is made of something other than a list.")
    }
    for pair in sequences[list] {
      guard case .list(let index) = pair, sequences[index].count == 2 else {
        throw damaged("An ordered dictionary has an item that is not a pair.")
      }
      items += sequences[index]
    }
    // A list that is used again and again would grow without bound.
    copiedItems += items.count
    guard copiedItems <= size else { throw damaged("Ordered dictionaries repeat their items.") }
    return items
  }

  private func tensor(_ arguments: [PickleValue]) throws(ModelFileError) -> TorchTensor {
    guard arguments.count >= 4, case .storage(let place) = arguments[0],
      case .int(let offset) = arguments[1], let shape = integers(arguments[2]),
      let strides = integers(arguments[3])
    else { throw damaged("A tensor has no storage, shape or strides.") }
    let storage = storages[place]
    let tensor = TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides)
    guard tensor.end != nil else {
      throw damaged(
        "A tensor of shape \(shape) and strides \(strides) exceeds its storage "
          + "of \(storage.count).")
    }
    return tensor
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let index) = value, sequences[index].count <= 16 else { return nil }
    var integers: [Int] = []
    for item in sequences[index] {
      guard case .int(let integer) = item else { return nil }
      integers.append(integer)
    }
    return integers
  }

  /// Attributes of dictionaries (`_metadata`) and of parameters have no weights and are dropped.
  private mutating func build() throws(ModelFileError) {
    _ = try pop()
    switch try top() {
    case .dictionary, .tensor: return
    default: throw refused("The pickle sets attributes of something that has none.")
    }
  }

  private mutating func pushPersistent() throws(ModelFileError) {
    // Before PyTorch 1.6 there is a sixth item, which is `None` unless the storage is part of
    // another one.
    guard case .tuple(let index) = try pop(), (5...6).contains(sequences[index].count),
      sequences[index].dropFirst(5).allSatisfy({ if case .none = $0 { true } else { false } }),
      case .string("storage") = sequences[index][0],
      case .global(.storage(let type)) = sequences[index][1],
      case .string(let key) = sequences[index][2], case .int(let count) = sequences[index][4],
      count >= 0, key.utf8.count <= PickleLimits.name
    else { throw refused("The file refers to something that is not a storage of numbers.") }
    guard storageTypes.updateValue(type, forKey: key) ?? type == type else {
      throw damaged("The storage \(key) has two types.")
    }
    try push(TorchStorage(type: type, key: key, count: count))
  }
}
