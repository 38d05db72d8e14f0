internal import ArgumentParser
internal import Layers
internal import ModelImport

/// Details that are missing from a graph of ONNX or TensorFlow.
struct GraphImportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Mean to subtract from the pixels, 0 to 255: one number, or three in channel order.",
      valueName: "a[,b,c]"))
  var mean: ChannelNumbers?

  @Option(help: ArgumentHelp("Standard deviation to divide by afterwards.", valueName: "a[,b,c]"))
  var std: ChannelNumbers?

  @Option(help: ArgumentHelp("Factor to multiply by instead of --std.", valueName: "a[,b,c]"))
  var scale: ChannelNumbers?

  @Option(help: "Channel order of the input.")
  var order: Normalization.ColorOrder?

  @Option(help: ArgumentHelp("Name of the output with the scores.", valueName: "output"))
  var scores: String?

  @Option(help: ArgumentHelp("Name of the output with the boxes.", valueName: "output"))
  var boxes: String?

  func validate() throws {
    if std != nil && scale != nil {
      throw ValidationError("--std and --scale set the same thing; give one of them.")
    }
    for (name, numbers) in [("--std", std), ("--scale", scale)] {
      if let numbers, numbers.values.contains(0) {
        throw ValidationError("\(name) must not be 0.")
      }
    }
  }

  /// Copies the given options to `request`.
  func apply(to request: inout ImportRequest) {
    request.mean = mean?.values
    request.scale = scale?.values ?? std?.values.map { 1 / $0 }
    request.colorOrder = order
    request.scores = scores
    request.boxes = boxes
  }
}

/// `127`, or `123.675,116.28,103.53`.
struct ChannelNumbers: ExpressibleByArgument {
  var values: [Float]

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false)
      .compactMap { Float($0) }
    guard numbers.allSatisfy(\.isFinite) else { return nil }
    switch (numbers.count, argument.count { $0 == "," }) {
    case (1, 0): values = [Float](repeating: numbers[0], count: 3)
    case (3, 2): values = numbers
    default: return nil
    }
  }
}
