internal import CKernels

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The processor instructions that the kernels use.
///
/// The best set that the machine has is chosen at run time. The environment variable
/// `STREAM_DETECT_ISA` selects a lower one, for tests and comparisons; a network isn't made if that
/// names none of this machine's.
public enum InstructionSet: String, Hashable, Sendable, CaseIterable {
  /// Plain C: the reference that every other set is tested against.
  case scalar
  /// AVX2 with FMA.
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512
  /// Advanced SIMD of AArch64.
  case neon

  /// The best set that this machine has and `STREAM_DETECT_ISA` allows.
  public static var best: InstructionSet {
    let best = sd_isa_best()
    return allCases.first { $0.isa == best } ?? .scalar
  }

  /// Why the value of `STREAM_DETECT_ISA` can't be followed; `nil` if it can, or isn't set.
  package static func fault(in value: String?) -> NetworkError? {
    guard let value, !value.isEmpty else { return nil }
    guard InstructionSet(rawValue: value)?.isAvailable != true else { return nil }
    return .instructionSet(value)
  }

  /// The same for the value that is set.
  package static var environmentFault: NetworkError? {
    guard let value = unsafe getenv("STREAM_DETECT_ISA") else { return nil }
    return fault(in: unsafe String(cString: value))
  }

  /// Whether a program for this set may also use the instructions of `other`.
  package func includes(_ other: InstructionSet) -> Bool {
    switch (self, other) {
    case (_, .scalar), (.avx512, .avx2): true
    default: self == other
    }
  }

  /// Whether this machine has the instructions.
  public var isAvailable: Bool { sd_isa_available(isa) }

  /// Whether its kernels for 8-bit integers are faster than those for FP32.
  ///
  /// If not, 8-bit networks are simulated in FP32.
  public var hasIntegerKernels: Bool { kernels.u8_is_fast }

  /// Whether its kernels for bfloat16 are faster than those for FP32.
  ///
  /// If not, bfloat16 networks are simulated in FP32.
  public var hasBFloat16Kernels: Bool { kernels.bf16_is_fast }

  var isa: sd_isa {
    switch self {
    case .scalar: SD_ISA_SCALAR
    case .avx2: SD_ISA_AVX2
    case .avx512: SD_ISA_AVX512
    case .neon: SD_ISA_NEON
    }
  }

  /// The kernels of this set.
  var kernels: sd_kernels {
    var table = sd_kernels()
    unsafe sd_kernels_init(&table, isa)
    return table
  }
}
