internal import CKernels

/// One worker's memory for running a network.
///
/// All maps are allocated when the session is made; a run on one thread allocates nothing.
/// Not `Sendable`: a session belongs to one thread at a time.
@safe
public final class Session {
  /// The network that it runs.
  public let network: Network
  let arena: FloatBuffer
  /// One for each thread that shares a frame; the first is for the caller's thread.
  private let executors: [Executor]
  private let team: Team?
  private var prepared = PreparedNormalization(.signedUnit)

  init(_ network: Network, _ memory: SessionMemory) {
    self.network = network
    arena = memory.arena
    executors = memory.scratch.map { Executor(network, arena: memory.arena, scratch: $0) }
    team = executors.count > 1 ? Team(network.program, executors) : nil
  }

  private var executor: Executor { executors[0] }

  /// Lends the input: a dense image `[height][width][channels]`, already normalised.
  ///
  /// The input keeps its contents until it is written again.
  public func withInput<Result>(_ body: (inout MutableSpan<Float>) -> Result) -> Result {
    if executor.holdsPixels, let pixels = network.program.pixels, let normalization = network.pixels
    {
      unsafe normalize(UnsafePointer(executor.bytes(pixels)), normalization)
      for executor in executors { executor.holdsPixels = false }
    }
    let input = network.program.input
    var span = unsafe MutableSpan(
      _unsafeStart: arena.start + input.placement.offset, count: input.shape.count)
    return body(&span)
  }

  /// Writes the input from 8-bit pixels, dense `[height][width][3]`, red first.
  ///
  /// - Precondition: `rgb` has the input's size; the input has three channels.
  public func setInput(rgb: Span<UInt8>, _ normalization: Normalization) {
    let input = network.program.input
    precondition(
      rgb.count == input.shape.count && input.shape.channels == 3,
      "\(rgb.count) bytes for an input of \(input.shape)")
    unsafe rgb.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      for executor in executors { executor.holdsPixels = normalization == network.pixels }
      if executor.holdsPixels, let pixels = network.program.pixels {
        unsafe executor.bytes(pixels).update(from: start, count: source.count)
      } else {
        unsafe normalize(start, normalization)
      }
    }
  }

  /// Normalises 8-bit pixels into the float input.
  private func normalize(_ rgb: UnsafePointer<UInt8>, _ normalization: Normalization) {
    if normalization != prepared.normalization {
      prepared = PreparedNormalization(normalization)
    }
    let input = network.program.input
    unsafe network.kernels.u8_f32_normalize(
      input.shape.pixels, rgb, prepared.order, normalization.scale, prepared.bias,
      arena.start + input.placement.offset)
  }

  /// Runs the network on the input.
  public func run() {
    if let team {
      team.run()
    } else {
      for chain in network.program.chains { execute(chain) }
    }
    for step in network.tensors.steps { executor.execute(step) }
  }

  private func execute(_ chain: Chain) {
    let height = network.program.steps[chain.steps.upperBound - 1].output.shape.height
    executor.execute(chain, rows: 0..<height)
  }

  /// Runs the graph once and times it.
  ///
  /// - Returns: The time spent on each node of the graph; zero for nodes without a step.
  public func profile() -> [Duration] {
    executor.profile = [Duration](repeating: .zero, count: network.graph.nodes.count)
    defer { executor.profile = nil }
    for chain in network.program.chains { execute(chain) }
    return executor.profile ?? []
  }

  /// Runs and times the tensor program on the maps of the last run; zero if there is none.
  public func profileTensors() -> Duration {
    guard !network.tensors.steps.isEmpty else { return .zero }
    return ContinuousClock().measure {
      for step in network.tensors.steps { executor.execute(step) }
    }
  }

  /// Lends the elements of a named output, dense and in the order of its shape.
  ///
  /// - Precondition: The network has an output of that name.
  public func withOutput<Result>(
    _ name: String, _ body: (Span<Float>) throws -> Result
  ) rethrows -> Result {
    guard let output = network.outputs.first(where: { $0.name == name }),
      let offset = network.tensors.outputs[name] ?? network.program.outputs[name]
    else { preconditionFailure("the network has no output \(name)") }
    let span = unsafe Span(
      _unsafeStart: UnsafePointer(arena.start + offset), count: output.count)
    return try body(span)
  }

  /// A copy of a named feature map in the order channel, row, column, or `nil` if the network has
  /// no map of that name or does not keep taps.
  public func tap(_ name: String) -> [Float]? {
    guard let view = network.program.taps[name] else { return nil }
    let (pixels, channels) = (view.shape.pixels, view.shape.channels)
    var map = [Float](repeating: 0, count: pixels * channels)
    for pixel in 0..<pixels {
      for channel in 0..<channels {
        map[channel * pixels + pixel] =
          unsafe arena.start[
            view.placement.offset + pixel * view.placement.pixelStride + channel]
      }
    }
    return map
  }
}

/// A normalisation in the form that its kernel takes, prepared once rather than for each frame.
private struct PreparedNormalization {
  let normalization: Normalization
  let order: [UInt8]
  let bias: [Float]

  init(_ normalization: Normalization) {
    self.normalization = normalization
    order = normalization.order == .rgb ? [0, 1, 2] : [2, 1, 0]
    bias = zip(normalization.mean, normalization.scale).map { -$0 * $1 }
  }
}
