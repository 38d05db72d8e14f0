internal import CKernels
internal import Support

/// A network that is ready to run: its program and its weights, packed for one instruction set.
///
/// Immutable, so any number of sessions on any threads can share it.
@safe
public final class Network: @unchecked Sendable {
  // Sendable because nothing changes after init.

  /// The network's operators and shapes.
  public let graph: Graph
  /// The instruction set whose kernels run it.
  public let isa: InstructionSet
  /// Whether lower precision is simulated in FP32.
  public let isSimulated: Bool

  /// Threads that share each run of a session.
  public let frameThreads: Int

  /// The network's results, in the order in which it declares them.
  public let outputs: [NetworkOutput]

  /// How pixels become the input, or `nil` if the first layer does not read pixels.
  let pixels: Normalization?

  let program: Program
  let tensors: PlacedTensorProgram
  let kernels: sd_kernels
  let packed: WeightBuffer
  /// Memory that is set aside for sessions.
  let spares: Locked<[SessionMemory]>
  private let packing: WeightPacking

  /// Packs the weights of `graph` for the kernels of `isa`.
  ///
  /// - Parameters:
  ///   - graph: The network.
  ///   - tensors: Computations that follow the graph and read its outputs.
  ///   - isa: The instruction set; it must be available.
  ///   - keepsTaps: Keeps every named feature map until the next run, for `Session.tap(_:)`; costs
  ///     memory and fusion.
  ///   - numerics: The arithmetic. If the instruction set has no fast kernels for it, or taps are
  ///     kept, it is simulated in FP32 with rounded weights and feature maps.
  ///   - pixels: The normalisation that `Session.setInput(rgb:_:)` will use. The first layer of an
  ///     8-bit network can then read the pixels directly. Other inputs still work.
  ///   - frameThreads: Threads that share each run of a session.
  ///   - prepacked: Returns weights that `packedWeights()` made for the given layout, or `nil` to
  ///     pack them now. They are ignored unless they have the right size and start at a multiple of
  ///     64 bytes.
  ///   - weights: Returns the values of a tensor, given its name (`NODE.weight` or `NODE.bias`) and
  ///     its shape in PyTorch's order, with batch norm already folded in.
  /// - Throws: ``NetworkError`` if it takes more memory than is allowed or than the system has, and
  ///   whatever `prepacked` and `weights` throw.
  public convenience init(
    graph: Graph, tensors: TensorProgram = TensorProgram(), isa: InstructionSet = .best,
    keepsTaps: Bool = false, numerics: Numerics = .float32, pixels: Normalization? = nil,
    frameThreads: Int = 1,
    prepacked: ((_ layout: PackedLayout) throws -> StoredTensor?)? = nil,
    weights: (_ tensorName: String, _ shape: [Int]) throws -> [Float]
  ) throws {
    try self.init(
      graph: graph, tensors: tensors, isa: isa, keepsTaps: keepsTaps, numerics: numerics,
      pixels: pixels, limits: .sharing(frameThreads), prepacked: prepacked, weights: weights)
  }

  init(
    graph: Graph, tensors: TensorProgram, isa: InstructionSet, keepsTaps: Bool,
    numerics: Numerics, pixels: Normalization? = nil, limits: ChainLimits,
    shortcuts: Shortcuts = .whereFaster,
    prepacked: ((PackedLayout) throws -> StoredTensor?)? = nil,
    weights: (_ tensorName: String, _ shape: [Int]) throws -> [Float]
  ) throws {
    precondition(isa.isAvailable, "\(isa.rawValue) isn't available on this machine")
    if let fault = InstructionSet.environmentFault { throw fault }
    if case .integer(let quantization) = numerics, let fault = quantization.fault(for: graph) {
      preconditionFailure(fault)
    }
    let kernels = isa.kernels
    self.kernels = kernels
    self.isa = isa
    frameThreads = limits.threads
    // Taps are floats, so they can only show a simulation.
    isSimulated = !numerics.isNative(kernels) || (keepsTaps && numerics != .float32)
    // Integer ranges refer to the maps between a convolution and its activation, too, so these
    // stay.
    let fused = keepsTaps || numerics.isInteger ? graph : graph.fusingActivations()
    let graph = isSimulated ? numerics.simulated(fused) : fused
    self.graph = graph
    var program = Lowering(
      graph, keepsTaps: keepsTaps, isSimulated ? .float32 : numerics, pixels: pixels,
      // A simulation rounds what the windows themselves sum up to.
      kernels: kernels, shortcuts: numerics == .float32 ? shortcuts : .none
    ).lower(limits)
    self.pixels = program.pixels == nil ? nil : pixels
    let count = reservePackedWeights(of: &program, kernels)
    let packing = WeightPacking(
      graph: graph, numerics: numerics, pixels: pixels, isa: isa, kernels: kernels)
    if let prepacked, let found = try prepacked(packing.layout(of: program, count)),
      let mapped = WeightBuffer(mapped: found, count: count)
    {
      guard PackedCheck(kernels: kernels, weights: mapped).isFinite(program) else {
        throw NetworkError.notFinite
      }
      packed = mapped
    } else {
      packed = WeightBuffer(try packing.pack(program, count, weights))
    }
    self.packing = packing
    self.tensors = try PlacedTensorProgram(tensors, program, weights: weights)
    program.arenaCount = self.tensors.arenaCount
    outputs =
      tensors.outputs.isEmpty
      ? graph.outputs.map { NetworkOutput(name: $0.name, shape: [$0.rows, $0.columns]) }
      : tensors.outputs.map { NetworkOutput(name: $0.name, shape: $0.view.shape) }
    self.program = program
    spares = Locked([
      try SessionMemory(
        program, threads: limits.threads, isImported: !tensors.outputs.isEmpty)
    ])
  }

  /// Whether the network uses the weights that `prepacked` returned.
  public var isPrepacked: Bool { packed.isMapped }

  /// The memory layout of its packed weights.
  public var packedLayout: PackedLayout { packing.layout(of: program, packed.count) }

  /// A copy of the packed weights, which a network with the same ``packedLayout`` can use as they
  /// are.
  public func packedWeights() -> [UInt8] { packed.copy() }
}
