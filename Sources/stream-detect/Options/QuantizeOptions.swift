internal import ArgumentParser
internal import Models

/// How a model is prepared for 8-bit integers.
struct QuantizeOptions: ParsableArguments {
  enum Method: String, ExpressibleByArgument, CaseIterable {
    case minmax, mse

    var method: Calibrator.Method {
      switch self {
      case .minmax: .minmax
      case .mse: .mse
      }
    }
  }

  @Option(
    help: ArgumentHelp(
      "How ranges are chosen: all observed values (minmax), or the least squared error (mse)."))
  var method: Method = .minmax

  @Flag(help: "Even out the channels between layers; results in FP32 stay the same.")
  var equalize = false

  @Flag(
    help: "Correct biases for the shift that rounding causes; results in FP32 change a little.")
  var correctBias = false

  var options: Calibrator.Options {
    var options = Calibrator.Options()
    options.method = method.method
    options.equalizes = equalize
    options.correctsBiases = correctBias
    return options
  }
}

/// The truth that the cost of integers is measured on.
struct QuantizeCostOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Compare COCO's figures in FP32 and in integers on this ground truth, as for eval.",
      valueName: "path"))
  var truth: String?

  @Option(
    name: .customLong("images"), parsing: .singleValue,
    help: ArgumentHelp(
      "Images of the truth; may be given several times. (default: those of --calibrate)",
      valueName: "dir"))
  var truthImages: [String] = []

  var images: [String]? { truthImages.isEmpty ? nil : truthImages }

  func validate() throws {
    if truth == nil && !truthImages.isEmpty {
      throw ValidationError("--images needs --truth.")
    }
  }
}
