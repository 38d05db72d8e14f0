internal import ArgumentParser
internal import Layers
internal import Pipeline
internal import StreamDetect
internal import Support

/// How the network runs.
struct EngineOptions: ParsableArguments {
  @Option(help: "Precision of the arithmetic.")
  var precision: Precision = .fp32

  @Option(
    help: ArgumentHelp(
      "Number of worker threads, each with a frame of its own; the results do not depend on it. "
        + "(default: one per core that affinity and control groups allow)", valueName: "n"))
  var threads: Int?

  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp(
      "Let all threads share each frame: lower latency, lower throughput, the same results. "
        + "(default: --latency for a single live source)"))
  var latency: Bool?

  @Option(
    help: ArgumentHelp(
      "Fail with exit code 2 if this run cannot use it: avx2, avx512, neon, fp32, bf16, int8. "
        + "AVX-512 includes AVX2. May be given several times.", valueName: "feature"))
  var require: [CommaList] = []

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads); it must be between 1 and 1024.")
    }
    let features =
      InstructionSet.allCases.map(\.rawValue) + Precision.allCases.map(\.rawValue)
    for feature in require.flatMap(\.items) where !features.contains(feature) {
      throw ValidationError(
        "--require has no feature '\(feature)'; it takes \(features.joined(separator: ", ")).")
    }
  }

  /// The precision to use, after checking that all required features are available.
  ///
  /// - Throws: `ProgramError` if one is not.
  func usedPrecision(note: (String) -> Void) throws -> Precision {
    if let fault = InstructionSet.environmentFault { throw fault }
    let best = InstructionSet.best
    for feature in require.flatMap(\.items) {
      let isa = InstructionSet(rawValue: feature)
      let isMissing = isa.map { !best.includes($0) } ?? !Self.isNative(feature)
      guard isMissing else { continue }
      throw ProgramError(
        .usage, "--require \(feature)", "this run would use \(best.rawValue) and fp32",
        remedy: isa?.isAvailable == true
          ? "Unset or change STREAM_DETECT_ISA, or leave out the option"
          : "Use another machine, or leave out the option")
    }
    precision.noteSimulation(note)
    return precision
  }

  private static func isNative(_ precision: String) -> Bool {
    switch Precision(rawValue: precision) {
    case .fp32: true
    case .bf16: InstructionSet.best.hasBFloat16Kernels
    case .int8: InstructionSet.best.hasIntegerKernels
    case nil: false
    }
  }

  /// Number of worker threads: as given, otherwise one per core that may be used.
  var threadCount: Int { threads ?? availableCores() }

  /// Number of frames processed at the same time, and of the threads that share each of them.
  func workers(for sources: [MediaSource]) -> (frames: Int, threadsPerFrame: Int) {
    let isLive = sources.count == 1 && sources[0].kind == .live
    return latency ?? isLive ? (1, threadCount) : (threadCount, 1)
  }
}

extension Precision {
  /// Calls `note` if this precision is only simulated on this processor.
  func noteSimulation(_ note: (String) -> Void) {
    switch self {
    case .bf16 where !InstructionSet.best.hasBFloat16Kernels:
      note(
        "--precision bf16: simulated on this processor; the results are those of bfloat16, the "
          + "speed is not.")
    case .int8 where !InstructionSet.best.hasIntegerKernels:
      note(
        "--precision int8: simulated on this processor; the results are those of integers, the "
          + "speed is not.")
    default: break
    }
  }
}
