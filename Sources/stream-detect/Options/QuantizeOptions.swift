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
      "Ranges: all that was seen (minmax), or those with the least squared error (mse)."))
  var method: Method = .minmax

  @Flag(help: "Make the channels between layers alike; FP32 keeps its results.")
  var equalize = false

  @Flag(
    help: "Let biases make up for what rounding the weights shifts; FP32 then differs a little.")
  var correctBias = false

  var options: Calibrator.Options {
    var options = Calibrator.Options()
    options.method = method.method
    options.equalizes = equalize
    options.correctsBiases = correctBias
    return options
  }
}

/// What integers are measured on.
struct QuantizeCostOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Measure COCO's figures in FP32 and in integers: what images show, as for eval.",
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
