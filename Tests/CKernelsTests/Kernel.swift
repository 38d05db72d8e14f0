import CKernels
import TestSupport

/// The checks of a kernel, which return a sentence for a failure.
protocol KernelCheck {
  /// Compares the scalar kernel with loops written from its contract.
  func contractFailures(_ scalar: sd_kernels) -> [String]
  /// Compares a vector kernel with the scalar one, over many sizes.
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String]
}

/// The entries of the table.
enum Kernel: String, CaseIterable {
  case f32_gemm_packed_size
  case f32_gemm_pack
  case f32_gemm
  case f32_winograd_input
  case f32_winograd_output
  case f32_strassen_input
  case f32_strassen_output
  case f32_depthwise
  case f32_max_pool
  case f32_average_pool
  case f32_global_average
  case f32_channel_scale
  case f32_activate
  case f32_add
  case f32_interleave
  case u8_f32_normalize
  case f16_f32_widen
  case u8_gemm_packed_size
  case u8_gemm_is_finite
  case u8_gemm_pack
  case u8_gemm
  case u8_depthwise_packed_size
  case u8_depthwise_is_finite
  case u8_depthwise_pack
  case u8_depthwise
  case u8_convolution_packed_size
  case u8_convolution_is_finite
  case u8_convolution_pack
  case u8_convolution
  case u8_global_average
  case u8_channel_scale
  case f32_u8_quantize
  case u8_f32_dequantize
  case u8_resample_packed_size
  case u8_resample_pack
  case u8_resample
  case s16_rgb
  case bf16_gemm_packed_size
  case bf16_gemm_pack
  case bf16_gemm
  case bf16_depthwise_packed_size
  case bf16_depthwise_pack
  case bf16_depthwise
  case bf16_global_average
  case bf16_channel_scale
  case f32_bf16_narrow
  case bf16_f32_widen

  var check: any KernelCheck {
    switch self {
    case .f32_gemm_packed_size: PackedSizeCheck()
    case .f32_gemm_pack: PackCheck()
    case .f32_gemm: GEMMCheck()
    case .f32_winograd_input: WinogradInputCheck()
    case .f32_winograd_output: WinogradOutputCheck()
    case .f32_strassen_input: StrassenInputCheck()
    case .f32_strassen_output: StrassenOutputCheck()
    case .f32_depthwise: DepthwiseCheck()
    case .f32_max_pool: PoolCheck(isMean: false)
    case .f32_average_pool: PoolCheck(isMean: true)
    case .f32_global_average: GlobalAverageCheck<Floats>()
    case .f32_channel_scale: ChannelScaleCheck<Floats>()
    case .f32_activate: ActivateCheck()
    case .f32_add: AddCheck()
    case .f32_interleave: InterleaveCheck()
    case .u8_f32_normalize: NormalizeCheck()
    case .f16_f32_widen: WidenCheck()
    case .u8_gemm_packed_size: U8PackedSizeCheck()
    case .u8_gemm_is_finite: U8FiniteCheck(form: .gemm)
    case .u8_gemm_pack: U8PackCheck(isDepthwise: false)
    case .u8_gemm: U8GEMMCheck()
    case .u8_depthwise_packed_size: U8DepthwisePackedSizeCheck()
    case .u8_depthwise_is_finite: U8FiniteCheck(form: .depthwise)
    case .u8_depthwise_pack: U8PackCheck(isDepthwise: true)
    case .u8_depthwise: U8DepthwiseCheck()
    case .u8_convolution_packed_size: U8ConvolutionPackedSizeCheck()
    case .u8_convolution_is_finite: U8FiniteCheck(form: .convolution)
    case .u8_convolution_pack: U8ConvolutionPackCheck()
    case .u8_convolution: U8ConvolutionCheck()
    case .u8_global_average: U8GlobalAverageCheck()
    case .u8_channel_scale: U8ChannelScaleCheck()
    case .f32_u8_quantize: QuantizeCheck()
    case .u8_f32_dequantize: DequantizeCheck()
    // Packed forms differ, so they are only compared by what the kernels compute from them.
    case .u8_resample_packed_size, .u8_resample_pack, .u8_resample: ResampleCheck()
    case .s16_rgb: RGBCheck()
    case .bf16_gemm_packed_size: BF16PackedSizeCheck(isDepthwise: false)
    case .bf16_gemm_pack: BF16PackCheck(isDepthwise: false)
    case .bf16_gemm: BF16GEMMCheck()
    case .bf16_depthwise_packed_size: BF16PackedSizeCheck(isDepthwise: true)
    case .bf16_depthwise_pack: BF16PackCheck(isDepthwise: true)
    case .bf16_depthwise: BF16DepthwiseCheck()
    case .bf16_global_average: GlobalAverageCheck<BFloats>()
    case .bf16_channel_scale: ChannelScaleCheck<BFloats>()
    case .f32_bf16_narrow: NarrowCheck()
    case .bf16_f32_widen: WidenBF16Check()
    }
  }
}
