internal import CKernels

extension Activation {
  var kernelValue: sd_activation {
    switch self {
    case .none: SD_ACTIVATION_NONE
    case .relu: SD_ACTIVATION_RELU
    case .relu6: SD_ACTIVATION_RELU6
    case .hardSwish: SD_ACTIVATION_HARD_SWISH
    case .hardSigmoid: SD_ACTIVATION_HARD_SIGMOID
    }
  }
}
