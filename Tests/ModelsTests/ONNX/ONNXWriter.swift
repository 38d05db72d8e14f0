/// Writes ONNX files: the wire format of protocol buffers, with the field numbers of `onnx.proto`.
struct ONNXWriter {
  /// Fields of a message, one after the other.
  struct Message {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ field: Int, _ value: Int64) {
      append(UInt64(field) << 3)
      append(UInt64(bitPattern: value))
    }

    mutating func run(_ field: Int, _ value: [UInt8]) {
      append(UInt64(field) << 3 | 2)
      append(UInt64(value.count))
      bytes += value
    }

    mutating func text(_ field: Int, _ value: String) { run(field, Array(value.utf8)) }

    mutating func message(_ field: Int, _ body: (inout Message) -> Void) {
      var inner = Message()
      body(&inner)
      run(field, inner.bytes)
    }

    mutating func fixed32(_ field: Int, _ value: Float) {
      append(UInt64(field) << 3 | 5)
      bytes += little(UInt64(value.bitPattern), 4)
    }

    private mutating func append(_ value: UInt64) {
      var rest = value
      while rest >= 0x80 {
        bytes.append(UInt8(rest & 0x7F) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
  }

  enum Attribute {
    case integer(Int)
    case float(Float)
    case text(String)
    case integers([Int])
  }

  /// How a tensor's elements are stored.
  enum Storage: CaseIterable {
    case rawFloat, typedFloat, rawHalf, typedHalf, rawDouble, typedDouble
  }

  var opset = 17
  var inputs: [(name: String, shape: [Int])] = [("image", [1, 3, 4, 6])]
  var outputs: [String] = ["y"]
  private var graph = Message()

  mutating func node(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:],
    domain: String = ""
  ) {
    graph.message(1) { node in
      for name in inputs { node.text(1, name) }
      node.text(2, output)
      node.text(3, "the \(type)")
      node.text(4, type)
      for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
        node.message(5) { attribute in
          attribute.text(1, name)
          switch value {
          case .integer(let number): attribute.varint(3, Int64(number))
          case .float(let number): attribute.fixed32(2, number)
          case .text(let text): attribute.text(4, text)
          case .integers(let numbers):
            for number in numbers { attribute.varint(8, Int64(number)) }
            attribute.varint(20, 7)
          }
        }
      }
      node.text(7, domain)
    }
  }

  mutating func floats(
    _ name: String, _ shape: [Int], _ values: [Float], _ storage: Storage = .rawFloat
  ) {
    graph.message(5) { tensor in
      for side in shape { tensor.varint(1, Int64(side)) }
      tensor.text(8, name)
      let types: [Storage: Int64] = [
        .rawFloat: 1, .typedFloat: 1, .rawHalf: 10, .typedHalf: 10, .rawDouble: 11,
        .typedDouble: 11,
      ]
      tensor.varint(2, types[storage] ?? 0)
      // Half precision is exact for the small integers of the tests.
      let halves = values.map { UInt64(Float16($0).bitPattern) }
      switch storage {
      case .rawFloat: tensor.run(9, values.flatMap { little(UInt64($0.bitPattern), 4) })
      case .typedFloat: tensor.run(4, values.flatMap { little(UInt64($0.bitPattern), 4) })
      case .rawHalf: tensor.run(9, halves.flatMap { little($0, 2) })
      case .typedHalf: for half in halves { tensor.varint(5, Int64(half)) }
      case .rawDouble: tensor.run(9, values.flatMap { little(Double($0).bitPattern, 8) })
      case .typedDouble: tensor.run(10, values.flatMap { little(Double($0).bitPattern, 8) })
      }
    }
  }

  /// A tensor whose message the caller writes.
  mutating func tensor(_ body: (inout Message) -> Void) { graph.message(5, body) }

  mutating func integers(_ name: String, _ values: [Int]) {
    graph.message(5) { tensor in
      tensor.varint(1, Int64(values.count))
      tensor.varint(2, 7)
      tensor.text(8, name)
      for value in values { tensor.varint(7, Int64(value)) }
    }
  }

  /// The file; a side of 0 is left open.
  func bytes() -> [UInt8] {
    var model = Message()
    model.varint(1, 8)
    model.text(2, "a test")
    var whole = graph
    for (name, shape) in inputs {
      whole.message(11) { value in
        value.text(1, name)
        value.message(2) { type in
          type.message(1) { tensor in
            tensor.varint(1, 1)
            tensor.message(2) { sides in
              for side in shape {
                sides.message(1) {
                  if side > 0 { $0.varint(1, Int64(side)) } else { $0.text(2, "n") }
                }
              }
            }
          }
        }
      }
    }
    for name in outputs { whole.message(12) { $0.text(1, name) } }
    model.run(7, whole.bytes)
    model.message(8) { $0.varint(2, Int64(opset)) }
    return model.bytes
  }
}

private func little(_ value: UInt64, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
}
