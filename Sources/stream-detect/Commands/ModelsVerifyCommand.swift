internal import ArgumentParser
internal import Layers
internal import Models

/// `stream-detect models verify`.
struct ModelsVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks a model file, and compares its outputs with a reference.",
    discussion: """
      Without --against, checks the file and runs it once on a random image. The exit code is 0 if \
      everything is in order, otherwise 5.
      """)

  @Argument(help: ArgumentHelp("Name or path of the model.", valueName: "model"))
  var model = ModelFile.builtInName

  @Option(
    help: ArgumentHelp(
      "A .safetensors file with inputs (input, NAME.rgb) and the reference's outputs for them "
        + "(output, cls_logits, bbox_regression, feat.MODULE).", valueName: "file"))
  var against: String?

  @Option(help: ArgumentHelp("Absolute tolerance.", valueName: "number"))
  var absolute: Float = 2e-4

  @Option(
    help: ArgumentHelp(
      "Tolerance relative to the expected value.", valueName: "number"))
  var relative: Float = 1e-4

  @Option(help: "Instruction set to run with. (default: the best of this machine)")
  var isa: InstructionSet?

  func validate() throws {
    for (name, value) in [("--absolute", absolute), ("--relative", relative)]
    where !(value >= 0 && value.isFinite) {
      throw ValidationError("\(name) is \(value); it must be at least 0.")
    }
    try requireAvailable(isa)
  }

  func run() throws {
    let file = try ModelDirectory().open(model)
    let options = VerificationOptions(
      absolute: absolute, relative: relative, isa: isa ?? .best)
    guard let against else { return try verifyAlone(file, options) }
    let result = try Verifier(file, options: options).compare(with: against)
    let head = ["tensor", "shape", "largest difference", "at", "expected", "found", ""]
    let rows = result.comparisons.map(row)
    var lines = aligned([head] + rows, leftColumns: 2)
    lines += result.skipped.map { "\($0.name): not compared: \($0.reason)" }
    let verdict =
      result.passed
      ? "all \(result.comparisons.count) tensors are within tolerance"
      : result.comparisons.isEmpty
        ? "nothing in the reference file could be compared"
        : "\(result.comparisons.count { !$0.isWithin }) of \(result.comparisons.count) tensors "
          + "are out of tolerance"
    try printText((lines + ["", "\(file.path): \(verdict)"]).joined(separator: "\n"))
    if !result.passed { throw ExitStatus.model }
  }

  private func verifyAlone(_ file: ModelFile, _ options: VerificationOptions) throws {
    let ranges = try Verifier(file, options: options).selfCheck()
    let rows = ranges.map { range in
      [
        range.name, "\(range.shape)", "\(range.minimum)", "\(range.maximum)",
        "\(range.notFinite)",
      ]
    }
    let lines = aligned(
      [["output", "shape", "smallest", "largest", "not finite"]] + rows, leftColumns: 2)
    let packed = try file.checkPackedWeights(isa: options.isa)
    let isPackedRight = packed.values.allSatisfy(\.self)
    let isFine = ranges.allSatisfy { $0.notFinite == 0 } && isPackedRight
    let verdict =
      isFine
      ? "the file is valid and its outputs are finite; --against compares them with a reference"
      : isPackedRight
        ? "its outputs are not all finite"
        : "its packed weights do not match its tensors; pack it again"
    let notes = file.packedSections.map { section in
      let state = packed[section].map { $0 ? "matches its tensors" : "differs from its tensors" }
      return
        "packed \(section.summary(of: file)): \(state ?? "for another processor or version")"
    }
    try printText(
      (lines + [""] + notes + ["\(file.path): \(verdict)"]).joined(separator: "\n"))
    if !isFine { throw ExitStatus.model }
  }

  private func row(_ comparison: TensorComparison) -> [String] {
    if let mismatch = comparison.mismatch {
      return [comparison.name, "\(comparison.shape)", "-", "-", "-", "-", mismatch]
    }
    return [
      comparison.name, "\(comparison.shape)", "\(comparison.largestDifference)",
      comparison.index.map { "\($0)" } ?? "-", "\(comparison.expected)", "\(comparison.found)",
      comparison.isWithin ? "ok" : "\(comparison.outside) out of tolerance",
    ]
  }
}
