internal import CKernels

/// A network that is ready to run: its program and its weights, packed for one instruction set.
///
/// Immutable, so that any number of sessions on any threads share one.
@safe
public final class Network: @unchecked Sendable {
  // Sendable because nothing changes after init.

  /// The network's operators and shapes.
  public let graph: Graph
  /// The instruction set whose kernels run it.
  public let isa: InstructionSet
  /// Whether its arithmetic is simulated in FP32.
  public let isSimulated: Bool

  /// Threads that share each run of a session.
  public let frameThreads: Int

  /// What the network computes, in the order of its description.
  public let outputs: [NetworkOutput]

  /// How pixels become the input, where the first layer can read them.
  let pixels: Normalization?

  let program: Program
  let tensors: PlacedTensorProgram
  let kernels: sd_kernels
  let packed: WeightBuffer
  private let packing: WeightPacking

  /// Packs the weights of `graph` for the kernels of `isa`.
  ///
  /// - Parameters:
  ///   - graph: The network.
  ///   - tensors: What is computed from the graph's maps beyond its operators.
  ///   - isa: The instruction set; it must be available.
  ///   - keepsTaps: Keeps every named feature map until the next run, for `Session.tap(_:)`; costs memory
  ///     and fusion.
  ///   - numerics: How the network computes. Where the instruction set has no fast kernels for it, or
  ///     taps are kept, it is simulated: weights and feature maps are rounded, sums are those of FP32.
  ///   - pixels: How `Session.setInput(rgb:_:)` will make the input from 8-bit pixels. The first layer of a
  ///     network in 8-bit integers then reads those themselves. Any other input stays possible.
  ///   - frameThreads: Threads that share each run of a session.
  ///   - prepacked: The weights as `packedWeights()` gave them, for the layout that it is asked for; `nil`
  ///     where there are none. Must start at a multiple of 64 bytes; what has another size is not used.
  ///   - weights: The numbers of a tensor, given its name (`NODE.weight` or `NODE.bias`) and its shape in
  ///     PyTorch's order. Batch norm is already folded in.
  /// - Throws: What `prepacked` and `weights` throw.
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
    prepacked: ((PackedLayout) throws -> StoredTensor?)? = nil,
    weights: (_ tensorName: String, _ shape: [Int]) throws -> [Float]
  ) throws {
    precondition(isa.isAvailable, "this machine has no \(isa.rawValue)")
    if case .integer(let quantization) = numerics, let fault = quantization.fault(for: graph) {
      preconditionFailure(fault)
    }
    let kernels = isa.kernels
    self.kernels = kernels
    self.isa = isa
    frameThreads = limits.threads
    // Taps are floats, so they show the simulation.
    isSimulated = !numerics.isNative(kernels) || (keepsTaps && numerics != .float32)
    // Ranges belong to the maps between a convolution and its activation, too.
    let fused = keepsTaps || numerics.isInteger ? graph : graph.fusingActivations()
    let graph = isSimulated ? numerics.simulated(fused) : fused
    self.graph = graph
    var program = Lowering(
      graph, keepsTaps: keepsTaps, isSimulated ? .float32 : numerics, pixels: pixels
    ).lower(limits)
    self.pixels = program.pixels == nil ? nil : pixels
    let count = reservePackedWeights(of: &program, kernels)
    let packing = WeightPacking(
      graph: graph, numerics: numerics, pixels: pixels, isa: isa, kernels: kernels)
    if let prepacked, let found = try prepacked(packing.layout(of: program, count)),
      let mapped = WeightBuffer(mapped: found, count: count)
    {
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
  }

  /// Whether its weights are where `prepacked` had them.
  public var isPrepacked: Bool { packed.isMapped }

  /// How its packed weights lie in memory.
  public var packedLayout: PackedLayout { packing.layout(of: program, packed.count) }

  /// The packed weights, which a network of the same ``packedLayout`` takes without packing again.
  public func packedWeights() -> [UInt8] { packed.copy() }

  /// Memory for one worker that runs this network.
  public func makeSession() -> Session { Session(self) }
}
