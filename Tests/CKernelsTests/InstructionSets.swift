import CKernels
import TestSupport

/// The instruction sets of this machine, except the scalar reference.
let vectorISAs = [SD_ISA_AVX2, SD_ISA_AVX512, SD_ISA_NEON].filter { sd_isa_available($0) }

/// The kernels of `isa`.
func kernels(_ isa: sd_isa) -> sd_kernels {
  var table = sd_kernels()
  unsafe sd_kernels_init(&table, isa)
  return table
}

/// The kernels of `isa` for a processor without its later extensions.
func basicKernels(_ isa: sd_isa) -> sd_kernels {
  var table = sd_kernels()
  unsafe sd_kernels_init_basic(&table, isa)
  return table
}

let activations = [
  SD_ACTIVATION_NONE, SD_ACTIVATION_RELU, SD_ACTIVATION_RELU6, SD_ACTIVATION_HARD_SWISH,
  SD_ACTIVATION_HARD_SIGMOID,
]

/// `activation` of `x`, as the contract writes it.
func activated(_ x: Float, _ activation: sd_activation) -> Float {
  if x.isNaN { return x }
  let gate: Float = min(max(x + 3, 0), 6) * (1 / 6)
  return switch activation {
  case SD_ACTIVATION_RELU: max(x, 0)
  case SD_ACTIVATION_RELU6: min(max(x, 0), 6)
  case SD_ACTIVATION_HARD_SWISH: x * gate
  case SD_ACTIVATION_HARD_SIGMOID: gate
  default: x
  }
}

/// By how much two sums of `terms` products can differ after `activation`.
func tolerance(terms: Int, magnitude: Float, _ activation: sd_activation) -> Float {
  let isHard = activation == SD_ACTIVATION_HARD_SWISH || activation == SD_ACTIVATION_HARD_SIGMOID
  guard isHard else { return sumTolerance(terms: terms, magnitude: magnitude) }
  // Slopes are at most 1.5, and x + 3 is rounded like a number near 3.
  return 1.5 * sumTolerance(terms: terms + 3, magnitude: magnitude + 3)
}
