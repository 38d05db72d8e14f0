internal import Layers

/// The nodes of a frozen TensorFlow graph, with the field numbers of the messages in
/// https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core/framework (graph.proto,
/// node_def.proto).
struct FrozenGraph {
  private(set) var nodes: [FrozenNode] = []
  /// The place of each node, by its name.
  private(set) var places: [String: Int] = [:]

  /// Reads the message `GraphDef`.
  init(_ bytes: [UInt8]) throws(WireFault) {
    var reader = WireReader(bytes, 0..<bytes.count)
    let budget = WireBudget()
    var references = 0
    while let (field, value) = try reader.next() {
      // Versions and functions: what calls a function is an operator that is not supported.
      guard field == 1 else { continue }
      try budget.spend(4 * MemoryLayout<FrozenNode>.stride)
      let node = try FrozenNode(bytes, try value.run(), budget)
      guard !node.name.isEmpty, places.updateValue(nodes.count, forKey: node.name) == nil else {
        throw WireFault(message: "Two nodes are called \(node.name.prefix(200)).")
      }
      nodes.append(node)
      references += node.inputs.count
      guard nodes.count <= ImportLimits.tensors, references <= ImportLimits.references else {
        throw WireFault(
          message: "It has more than \(ImportLimits.tensors) nodes or "
            + "\(ImportLimits.references) inputs of nodes.", isTooLarge: true)
      }
    }
    guard !nodes.isEmpty else { throw WireFault(message: "It has no nodes.") }
  }

  /// The node that computes a result.
  func producer(of key: String) -> FrozenNode? {
    places[FrozenNode.name(of: key)].map { nodes[$0] }
  }

  /// The constant that `key` stands for, if it takes few bytes: copies, and what loops read of
  /// their surroundings, are passed through.
  ///
  /// Many nodes may ask for the same one, so this takes bounded time.
  func shortConstant(_ key: String) -> FrozenTensor? {
    var key = key
    for _ in 0..<16 {
      guard let node = producer(of: key) else { return nil }
      if node.operation == "Const" { return try? node.tensor("value", atMost: 1024) }
      guard ["Identity", "Enter"].contains(node.operation), let input = node.inputs.first else {
        return nil
      }
      key = input
    }
    return nil
  }

  /// The nodes that `results` depend on, each after its inputs; `ends` are results whose nodes are
  /// left out.
  ///
  /// - Throws: `FrozenFault`, which names a node that reads what does not exist, or is part of a
  ///   loop.
  func order(of results: [String], without ends: Set<String>) throws(FrozenFault) -> [Int] {
    var order: [Int] = []
    var state = [Visit](repeating: .new, count: nodes.count)
    // Each node with the position of its next input.
    var path: [(place: Int, input: Int)] = []
    func enter(_ key: String, from reader: Int?) throws(FrozenFault) {
      guard !ends.contains(key) else { return }
      guard let place = places[FrozenNode.name(of: key)] else {
        throw FrozenFault(
          place: reader, message: "reads \(key.prefix(200)), which does not exist")
      }
      switch state[place] {
      case .done: return
      case .open: throw FrozenFault(place: place, message: "depends on itself: it is in a loop")
      case .new:
        state[place] = .open
        path.append((place, 0))
      }
    }
    for key in results {
      try enter(key, from: nil)
      while let (place, input) = path.last {
        if input < nodes[place].inputs.count {
          path[path.count - 1].input += 1
          try enter(nodes[place].inputs[input], from: place)
        } else {
          state[place] = .done
          order.append(place)
          path.removeLast()
        }
      }
    }
    return order
  }

  private enum Visit {
    case new, open, done
  }

  /// The nodes that read each result, apart from those that only read its shape.
  func readers(of places: some Sequence<Int>) -> [String: [Int]] {
    var readers: [String: [Int]] = [:]
    for place in places where !nodes[place].readsShape {
      for key in nodes[place].inputs { readers[key, default: []].append(place) }
    }
    return readers
  }
}

/// What is wrong with the node at `place` of a graph.
struct FrozenFault: Error {
  var place: Int?
  var message: String
}

/// An operator: `NodeDef`.
struct FrozenNode {
  var name = ""
  var operation = ""
  /// The results that it reads, `NODE` or `NODE:1`, without those that it only waits for.
  var inputs: [String] = []
  private var attributes: [String: Range<Int>] = [:]
  private let bytes: [UInt8]

  init(_ bytes: [UInt8], _ range: Range<Int>, _ budget: WireBudget) throws(WireFault) {
    self.bytes = bytes
    try budget.spend(range.count)
    var reader = WireReader(bytes, range)
    while let (field, value) = try reader.next() {
      try budget.spend(4 * MemoryLayout<String>.stride)
      switch field {
      case 1: name = try value.text(in: bytes)
      case 2: operation = try value.text(in: bytes)
      case 3:
        let input = try value.text(in: bytes)
        if !input.hasPrefix("^") { inputs.append(Self.key(input)) }
      case 5:
        var entry = WireReader(bytes, try value.run())
        var (key, content) = ("", 0..<0)
        while let (field, value) = try entry.next() {
          if field == 1 { key = try value.text(in: bytes) }
          if field == 2 { content = try value.run() }
        }
        attributes[key] = content
      default: continue
      }
    }
  }

  /// The result in the form that is compared: the first one of a node has the node's name.
  private static func key(_ input: String) -> String {
    input.hasSuffix(":0") ? String(input.dropLast(2)) : input
  }

  /// The node's name in a result.
  static func name(of key: String) -> String {
    guard let colon = key.lastIndex(of: ":") else { return key }
    return String(key[..<colon])
  }

  /// Whether its result depends on the sizes of its input alone.
  var readsShape: Bool { ["Shape", "Rank", "Size"].contains(operation) }

  // MARK: Attributes

  /// A field of an attribute, which is the message `AttrValue`; the last one counts.
  private func field(_ number: Int, of key: String) throws(WireFault) -> WireReader.Value? {
    guard let range = attributes[key] else { return nil }
    var reader = WireReader(bytes, range)
    var found: WireReader.Value?
    while let (field, value) = try reader.next() { if field == number { found = value } }
    return found
  }

  func text(_ key: String) throws(WireFault) -> String? {
    try field(2, of: key)?.text(in: bytes)
  }

  func integer(_ key: String) throws(WireFault) -> Int? {
    try field(3, of: key).map { value throws(WireFault) in Int(try value.integer()) }
  }

  func float(_ key: String) throws(WireFault) -> Float? {
    try field(4, of: key)?.floats(in: bytes).first
  }

  func bool(_ key: String) throws(WireFault) -> Bool? {
    try field(5, of: key).map { value throws(WireFault) in try value.integer() != 0 }
  }

  /// A number format, as ``FrozenTensor/type``.
  func type(_ key: String) throws(WireFault) -> Int64? {
    try field(6, of: key)?.integer()
  }

  /// Dimensions; `nil` for one that is not fixed.
  func shape(_ key: String) throws(WireFault) -> [Int?]? {
    guard let value = try field(7, of: key) else { return nil }
    return try FrozenTensor.shape(bytes, try value.run())
  }

  /// A constant, unless its attribute has more than `limit` bytes.
  func tensor(_ key: String, atMost limit: Int = .max) throws(WireFault) -> FrozenTensor? {
    guard attributes[key]?.count ?? 0 <= limit, let value = try field(8, of: key) else {
      return nil
    }
    return try FrozenTensor(bytes, try value.run())
  }

  /// A short list of integers.
  func integers(_ key: String) throws(WireFault) -> [Int]? {
    guard let value = try field(1, of: key) else { return nil }
    var reader = WireReader(bytes, try value.run())
    var result: [Int] = []
    while let (field, value) = try reader.next() {
      guard field == 3 else { continue }
      guard value.byteCount(ofNumbers: 1) <= 16 * ImportLimits.rank else {
        throw WireFault(message: "The node \(name.prefix(200)) has a long list of numbers.")
      }
      result += try value.integers(in: bytes).map { Int($0) }
      guard result.count <= 2 * ImportLimits.rank else {
        throw WireFault(message: "The node \(name.prefix(200)) has a long list of numbers.")
      }
    }
    return result
  }
}
