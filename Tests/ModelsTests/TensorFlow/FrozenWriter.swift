/// Writes frozen graphs: `GraphDef` with the field numbers of TensorFlow's messages.
struct FrozenWriter {
  enum Attribute {
    case text(String)
    case integer(Int)
    case float(Float)
    case bool(Bool)
    case type(Int)
    case integers([Int])
    case shape([Int])
    case floats(shape: [Int], [Float])
    case int32s(shape: [Int], [Int])
    case message((inout ONNXWriter.Message) -> Void)
  }

  private var graph = ONNXWriter.Message()

  var bytes: [UInt8] { graph.bytes }

  mutating func node(
    _ operation: String, _ name: String, _ inputs: [String] = [],
    _ attributes: [String: Attribute] = [:]
  ) {
    graph.message(1) { node in
      node.text(1, name)
      node.text(2, operation)
      for input in inputs { node.text(3, input) }
      for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
        node.message(5) { entry in
          entry.text(1, key)
          entry.message(2) { Self.write(value, to: &$0) }
        }
      }
    }
  }

  /// A constant of floats.
  mutating func constant(_ name: String, _ shape: [Int], _ values: [Float]) {
    node("Const", name, [], ["value": .floats(shape: shape, values)])
  }

  /// A constant of integers.
  mutating func integers(_ name: String, _ values: [Int]) {
    node("Const", name, [], ["value": .int32s(shape: [values.count], values)])
  }

  private static func write(_ value: Attribute, to message: inout ONNXWriter.Message) {
    func sides(_ shape: [Int], _ message: inout ONNXWriter.Message) {
      for side in shape { message.message(2) { $0.varint(1, Int64(side)) } }
    }
    switch value {
    case .text(let text): message.text(2, text)
    case .integer(let number): message.varint(3, Int64(number))
    case .float(let number): message.fixed32(4, number)
    case .bool(let flag): message.varint(5, flag ? 1 : 0)
    case .type(let number): message.varint(6, Int64(number))
    case .integers(let numbers):
      message.message(1) { for number in numbers { $0.varint(3, Int64(number)) } }
    case .shape(let shape): message.message(7) { sides(shape, &$0) }
    case .floats(let shape, let values):
      message.message(8) { tensor in
        tensor.varint(1, 1)
        tensor.message(2) { sides(shape, &$0) }
        for value in values { tensor.fixed32(5, value) }
      }
    case .int32s(let shape, let values):
      message.message(8) { tensor in
        tensor.varint(1, 3)
        tensor.message(2) { sides(shape, &$0) }
        for value in values { tensor.varint(7, Int64(value)) }
      }
    case .message(let body): body(&message)
    }
  }
}
