internal import ArgumentParser
internal import Layers
internal import Pipeline
internal import StreamDetect

/// How the network is computed.
struct EngineOptions: ParsableArguments {
  @Option(help: "Precision of the arithmetic.")
  var precision: Precision = .fp32

  @Option(
    help: ArgumentHelp(
      "Threads that compute, each a frame of its own; the results are the same bytes at any "
        + "number. (default: one a core)", valueName: "n"))
  var threads: Int?

  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp(
      "Share each frame among the threads: a frame is done sooner, all frames together later. The "
        + "results are the same bytes. (default: --latency for a single live source)"))
  var latency: Bool?

  @Option(
    help: ArgumentHelp(
      "Fail, exit 2, rather than do without this: avx2, avx512, neon, fp32, bf16, int8. May be "
        + "given several times.", valueName: "feature"))
  var require: [CommaList] = []

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads); it must be between 1 and 1024.")
    }
    let features =
      InstructionSet.allCases.map(\.rawValue) + Precision.allCases.map(\.rawValue)
    for feature in require.flatMap(\.items) where !features.contains(feature) {
      throw ValidationError(
        "--require does not know '\(feature)'; it takes \(features.joined(separator: ", ")).")
    }
  }

  /// Refuses what was required and is not to be had, and returns the precision that is used.
  ///
  /// - Throws: `ProgramError`.
  func usedPrecision(note: (String) -> Void) throws -> Precision {
    let best = InstructionSet.best
    for feature in require.flatMap(\.items) {
      let isa = InstructionSet(rawValue: feature)
      let isMissing = isa.map { $0 != best } ?? !Self.isNative(feature)
      guard isMissing else { continue }
      throw ProgramError(
        .usage, "--require \(feature)", "this run would use \(best.rawValue) and fp32",
        remedy: isa?.isAvailable == true
          ? "Unset STREAM_DETECT_ISA or change it, or leave the option out"
          : "Use another machine or leave the option out")
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

  /// Threads that compute: as asked, else one a core.
  var threadCount: Int { threads ?? availableCores() }

  /// Frames that are computed at the same time, and the threads that share each.
  func workers(for sources: [MediaSource]) -> (frames: Int, threadsPerFrame: Int) {
    let isLive = sources.count == 1 && sources[0].kind == .live
    return latency ?? isLive ? (1, threadCount) : (threadCount, 1)
  }
}

extension Precision {
  /// Says so where it is simulated on this processor.
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
