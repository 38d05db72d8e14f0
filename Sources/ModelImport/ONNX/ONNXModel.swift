/// The parts of an ONNX file that the supported networks use, with the messages and field numbers
/// of the specification's `onnx.proto` (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
struct ONNXModel {
  /// Version of the standard operators.
  var opset = 0
  var producer = ""
  var nodes: [ONNXNode] = []
  var initializers: [ONNXTensor] = []
  var inputs: [ONNXValue] = []
  var outputs: [ONNXValue] = []

  /// Reads the message `ModelProto`.
  init(_ bytes: [UInt8]) throws(WireFault) {
    var reader = WireReader(bytes, 0..<bytes.count)
    let budget = WireBudget()
    var hasGraph = false
    while let (field, value) = try reader.next() {
      switch field {
      case 2: producer = try value.text(in: bytes)
      case 7:
        guard !hasGraph else { throw WireFault(message: "It has two graphs.") }
        hasGraph = true
        try readGraph(bytes, try value.run(), budget)
      case 8: try readOpset(bytes, try value.run())
      default: continue
      }
    }
    guard hasGraph else { throw WireFault(message: "It has no graph.") }
  }

  private mutating func readOpset(_ bytes: [UInt8], _ range: Range<Int>) throws(WireFault) {
    var reader = WireReader(bytes, range)
    var (domain, version) = ("", Int64(0))
    while let (field, value) = try reader.next() {
      if field == 1 { domain = try value.text(in: bytes) }
      if field == 2 { version = try value.integer() }
    }
    if ONNXNode.isStandard(domain) { opset = Int(version) }
  }

  private mutating func readGraph(
    _ bytes: [UInt8], _ range: Range<Int>, _ budget: WireBudget
  ) throws(WireFault) {
    var reader = WireReader(bytes, range)
    while let (field, value) = try reader.next() {
      // An array that grows holds each element twice for a moment.
      try budget.spend(2 * MemoryLayout<ONNXTensor>.stride)
      switch field {
      case 1: nodes.append(try ONNXNode(bytes, try value.run(), budget))
      case 5: initializers.append(try ONNXTensor(bytes, try value.run(), budget))
      case 11: inputs.append(try ONNXValue(bytes, try value.run(), budget))
      case 12: outputs.append(try ONNXValue(bytes, try value.run(), budget))
      case 15: throw WireFault(message: "It has sparse weights, which are not supported.")
      default: continue
      }
    }
  }
}

/// An operator: `NodeProto`.
struct ONNXNode {
  var inputs: [String] = []
  var outputs: [String] = []
  var name = ""
  var type = ""
  var domain = ""
  var attributes: [String: ONNXAttribute] = [:]

  /// Creates an operator with a single result.
  init(
    _ type: String, named name: String, _ inputs: [String], output: String,
    _ attributes: [String: ONNXAttribute] = [:]
  ) {
    self.type = type
    self.name = name
    self.inputs = inputs
    outputs = [output]
    self.attributes = attributes
  }

  init(_ bytes: [UInt8], _ range: Range<Int>, _ budget: WireBudget) throws(WireFault) {
    var reader = WireReader(bytes, range)
    try budget.spend(range.count)
    while let (field, value) = try reader.next() {
      try budget.spend(2 * MemoryLayout<String>.stride)
      switch field {
      case 1: inputs.append(try value.text(in: bytes))
      case 2: outputs.append(try value.text(in: bytes))
      case 3: name = try value.text(in: bytes)
      case 4: type = try value.text(in: bytes)
      case 5:
        try budget.spend(4 * MemoryLayout<ONNXAttribute>.stride)
        let (key, attribute) = try ONNXAttribute.read(bytes, try value.run(), budget)
        attributes[key] = attribute
      case 7: domain = try value.text(in: bytes)
      default: continue
      }
    }
  }

  /// Whether `domain` is that of the specification's operators.
  static func isStandard(_ domain: String) -> Bool { domain.isEmpty || domain == "ai.onnx" }

  /// The name of an input, or `nil` if it is left out or its name is empty.
  func input(_ index: Int) -> String? {
    inputs.indices.contains(index) && !inputs[index].isEmpty ? inputs[index] : nil
  }
}

/// An attribute of an operator: `AttributeProto`.
enum ONNXAttribute {
  case float(Float)
  case integer(Int64)
  case text(String)
  case tensor(ONNXTensor)
  case floats([Float])
  case integers([Int64])
  /// A graph, a list of strings, or another type that no supported operator has.
  case other

  static func read(
    _ bytes: [UInt8], _ range: Range<Int>, _ budget: WireBudget
  ) throws(WireFault) -> (name: String, value: ONNXAttribute) {
    var reader = WireReader(bytes, range)
    var name = ""
    var type: Int64?
    var (float, integer, text) = (Float(0), Int64(0), "")
    var tensor: ONNXTensor?
    var (floats, integers): ([Float], [Int64]) = ([], [])
    var seen: Int64 = 0
    while let (field, value) = try reader.next() {
      switch field {
      case 1: name = try value.text(in: bytes)
      case 2: (float, seen) = (try value.floats(in: bytes).first ?? 0, 1)
      case 3: (integer, seen) = (try value.integer(), 2)
      case 4: (text, seen) = (try value.text(in: bytes), 3)
      case 5: (tensor, seen) = (try ONNXTensor(bytes, try value.run(), budget), 4)
      case 7:
        try budget.spend(value.byteCount(ofNumbers: 4))
        floats += try value.floats(in: bytes)
        seen = 6
      case 8:
        integers += try value.integers(in: bytes, budget)
        seen = 7
      case 20: type = try value.integer()
      default: continue
      }
    }
    // Old files have no type, and an empty list is recognised only by its type.
    switch type ?? seen {
    case 1: return (name, .float(float))
    case 2: return (name, .integer(integer))
    case 3: return (name, .text(text))
    case 4: return (name, tensor.map { .tensor($0) } ?? .other)
    case 6: return (name, .floats(floats))
    case 7: return (name, .integers(integers))
    default: return (name, .other)
    }
  }
}

/// An input or output of the graph: `ValueInfoProto`.
struct ONNXValue {
  var name = ""
  /// Format of the elements, as in ``ONNXTensor/type``.
  var type: Int64 = 0
  /// Dimensions; `nil` for one that is not fixed.
  var shape: [Int?] = []

  init(_ bytes: [UInt8], _ range: Range<Int>, _ budget: WireBudget) throws(WireFault) {
    // A side takes at least two bytes.
    try budget.spend(16 * range.count)
    var reader = WireReader(bytes, range)
    while let (field, value) = try reader.next() {
      if field == 1 { name = try value.text(in: bytes) }
      if field == 2 { try readType(bytes, try value.run()) }
    }
  }

  private mutating func readType(_ bytes: [UInt8], _ range: Range<Int>) throws(WireFault) {
    var reader = WireReader(bytes, range)
    while let (field, value) = try reader.next() {
      guard field == 1 else { continue }
      var tensor = WireReader(bytes, try value.run())
      while let (field, value) = try tensor.next() {
        if field == 1 { type = try value.integer() }
        guard field == 2 else { continue }
        var sides = WireReader(bytes, try value.run())
        while let (field, value) = try sides.next() {
          guard field == 1 else { continue }
          shape.append(try side(bytes, try value.run()))
        }
      }
    }
  }

  private func side(_ bytes: [UInt8], _ range: Range<Int>) throws(WireFault) -> Int? {
    var reader = WireReader(bytes, range)
    while let (field, value) = try reader.next() {
      guard field == 1 else { continue }
      let side = try value.integer()
      return side > 0 ? Int(side) : nil
    }
    return nil
  }
}
