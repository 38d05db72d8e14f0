internal import ArgumentParser
internal import Layers
internal import ModelImport

/// What an ONNX graph does not say about itself.
struct GraphImportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Subtracted from the pixels, 0 to 255: one number, or three in the order of the colours.",
      valueName: "a[,b,c]"))
  var mean: ChannelNumbers?

  @Option(help: ArgumentHelp("What the pixels are divided by afterwards.", valueName: "a[,b,c]"))
  var std: ChannelNumbers?

  @Option(help: ArgumentHelp("What they are multiplied by instead.", valueName: "a[,b,c]"))
  var scale: ChannelNumbers?

  @Option(help: "Order of the colours.")
  var order: Normalization.ColorOrder?

  @Option(help: ArgumentHelp("The output with the scores.", valueName: "output"))
  var scores: String?

  @Option(help: ArgumentHelp("The output with the boxes.", valueName: "output"))
  var boxes: String?

  func validate() throws {
    if std != nil && scale != nil {
      throw ValidationError("--std and --scale say the same in two ways; give one of them.")
    }
    for (name, numbers) in [("--std", std), ("--scale", scale)] {
      if let numbers, numbers.values.contains(0) {
        throw ValidationError("\(name) must not be 0.")
      }
    }
  }

  /// Notes in `request` what was given.
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
