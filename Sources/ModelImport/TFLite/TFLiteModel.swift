internal import Layers

/// The parts of a TensorFlow Lite file that the supported networks use, with the field numbers of
/// its schema, tensorflow/compiler/mlir/lite/schema/schema.fbs in
/// https://github.com/tensorflow/tensorflow.
struct TFLiteModel {
  var producer = ""
  var tensors: [TFLiteTensor] = []
  var operators: [TFLiteOperator] = []
  /// Indices of the tensors that the network reads and computes.
  var inputs: [Int] = []
  var outputs: [Int] = []
  /// Where the file has further data, by name.
  var metadata: [String: Range<Int>] = [:]
  let bytes: [UInt8]

  /// Reads the file's first graph, which is the only one of a network without loops.
  init(_ bytes: [UInt8]) throws(WireFault) {
    self.bytes = bytes
    let root = try FlatBuffer(bytes).root()
    guard try root.uint32(0) == 3 else {
      throw WireFault(message: "It does not have version 3 of the format.")
    }
    producer = try root.text(3) ?? ""
    let graphs = try root.tables(2)
    guard graphs.count == 1, let graph = graphs.first else {
      throw WireFault(message: "It has \(graphs.count) graphs; there must be one.")
    }
    let buffers = try Self.buffers(root, bytes.count)
    for table in try graph.tables(0) { tensors.append(try TFLiteTensor(table, buffers)) }
    inputs = try graph.int32s(1) ?? []
    outputs = try graph.int32s(2) ?? []
    let codes = try root.tables(1)
    for table in try graph.tables(3) { operators.append(try TFLiteOperator(table, codes)) }
    for table in try root.tables(6) {
      guard let name = try table.text(0), let index = try table.uint32(1),
        buffers.indices.contains(index)
      else { continue }
      metadata[name] = buffers[index]
    }
    try checkCounts()
    try checkIndices()
  }

  /// Limits what is looked up by name and number later.
  private func checkCounts() throws(WireFault) {
    let references = operators.reduce(0) { $0 + $1.inputs.count + $1.outputs.count }
    guard operators.count <= OperatorLimits.nodes, tensors.count <= ImportLimits.tensors,
      references <= ImportLimits.references
    else {
      throw WireFault(
        message: "It has \(operators.count) operators on \(tensors.count) tensors; at most "
          + "\(OperatorLimits.nodes) and \(ImportLimits.tensors) are read.", isTooLarge: true)
    }
  }

  private static func buffers(
    _ root: FlatTable, _ size: Int
  ) throws(WireFault) -> [Range<Int>?] {
    var result: [Range<Int>?] = []
    for table in try root.tables(4) {
      // Files of more than 2 GiB have their data behind the FlatBuffer.
      guard try table.uint64(1) ?? 0 <= 1, try table.uint64(2) ?? 0 <= 1 else {
        throw WireFault(message: "Its weights are outside of the FlatBuffer.", isTooLarge: true)
      }
      result.append(try table.range(0))
    }
    return result
  }

  private func checkIndices() throws(WireFault) {
    for index in inputs + outputs where !tensors.indices.contains(index) {
      throw WireFault(message: "It has no tensor \(index).")
    }
    for node in operators {
      for index in node.inputs where index != -1 && !tensors.indices.contains(index) {
        throw WireFault(message: "An operator reads tensor \(index), which does not exist.")
      }
      for index in node.outputs where !tensors.indices.contains(index) {
        throw WireFault(message: "An operator writes tensor \(index), which does not exist.")
      }
    }
  }
}

/// An operator and the tensors that it reads and writes.
struct TFLiteOperator {
  /// Number of the operator in the schema.
  let code: Int
  /// Name of an operator that the schema doesn't have.
  let customName: String
  /// Indices of tensors; -1 for one that is left out.
  let inputs: [Int]
  let outputs: [Int]
  let options: FlatTable?
  let customOptions: Range<Int>?

  init(_ table: FlatTable, _ codes: [FlatTable]) throws(WireFault) {
    let index = try table.uint32(0) ?? 0
    guard codes.indices.contains(index) else {
      throw WireFault(message: "An operator has the unknown code \(index).")
    }
    // The first field has one byte, and was replaced when that was not enough.
    code = max(try codes[index].int8(0) ?? 0, try codes[index].int32(3) ?? 0)
    customName = try codes[index].text(1) ?? ""
    inputs = try table.int32s(1) ?? []
    outputs = try table.int32s(2) ?? []
    options = try table.table(4)
    customOptions = try table.range(5)
  }

  /// The input at `index`, or `nil` if it is left out.
  func input(_ index: Int) -> Int? {
    inputs.indices.contains(index) && inputs[index] >= 0 ? inputs[index] : nil
  }
}
