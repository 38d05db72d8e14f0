/// A tensor program with an address for every buffer.
struct PlacedTensorProgram {
  var steps: [PlacedTensorStep] = []
  /// First float of each output in the arena.
  var outputs: [String: Int] = [:]
  let constants: FloatBuffer
  /// Size of the arena in floats, including the graph's maps.
  let arenaCount: Int

  init(
    _ tensors: TensorProgram, _ program: Program, weights: (String, [Int]) throws -> [Float]
  ) throws {
    let offsets = Self.plan(tensors)
    let first = (program.arenaCount + 15) / 16 * 16
    arenaCount = tensors.buffers.isEmpty ? program.arenaCount : first + offsets.arenaCount
    var constantCount = 0
    let places = tensors.buffers.indices.map { index -> (isConstant: Bool, offset: Int) in
      switch tensors.buffers[index].source {
      case .map(let name):
        guard let offset = program.outputs[name] else {
          preconditionFailure("the graph has no output \(name)")
        }
        return (false, offset)
      case .constant:
        defer { constantCount += (tensors.buffers[index].count + 15) / 16 * 16 }
        return (true, constantCount)
      case .scratch: return (false, first + offsets.offsets[index])
      }
    }
    constants = try FloatBuffer(count: constantCount)
    for (buffer, place) in zip(tensors.buffers, places) {
      guard case .constant(let name, let shape) = buffer.source else { continue }
      let values = try weights(name, shape)
      precondition(values.count == buffer.count, "\(name): \(values.count) numbers for \(shape)")
      for index in values.indices { unsafe constants.start[place.offset + index] = values[index] }
    }
    func placed(_ place: TensorPlace) -> PlacedTensorStep.Operand {
      let buffer = places[place.buffer]
      return .init(isConstant: buffer.isConstant, offset: buffer.offset + place.offset)
    }
    steps = tensors.steps.map {
      PlacedTensorStep(
        kind: $0.kind, output: placed($0.output), a: placed($0.a), b: placed($0.b),
        loops: $0.loops, last: $0.last)
    }
    for (name, view) in tensors.outputs {
      outputs[name] = places[view.buffer].offset + view.offset
    }
  }

  private static func plan(_ tensors: TensorProgram) -> (offsets: [Int], arenaCount: Int) {
    let end = tensors.steps.count
    var storages = tensors.buffers.map { buffer in
      Storage(count: buffer.source == .scratch ? buffer.count : 0, firstStep: end, lastStep: 0)
    }
    for (index, step) in tensors.steps.enumerated() {
      for place in [step.output, step.a, step.b] {
        storages[place.buffer].firstStep = min(storages[place.buffer].firstStep, index)
        storages[place.buffer].lastStep = max(storages[place.buffer].lastStep, index)
      }
    }
    for view in tensors.outputViews { storages[view.buffer].lastStep = end }
    return planMemory(storages)
  }
}

/// A tensor step with the addresses of its operands.
struct PlacedTensorStep {
  /// Where an operand starts.
  struct Operand {
    var isConstant: Bool
    var offset: Int
  }

  var kind: TensorKind
  var output: Operand
  var a: Operand
  var b: Operand
  var loops: [TensorLoop]
  var last: TensorLoop
}
