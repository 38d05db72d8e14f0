internal import ArgumentParser
internal import Layers
internal import Models
internal import Output

/// `stream-detect models pack`.
struct ModelsPackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Makes a model file whose weights are packed for processors like this one.",
    discussion: """
      Weights are normally packed for the processor's kernels at every start. The new file also \
      has them packed, and processes that run it share that memory. It runs everywhere with the \
      same results: on other processors, weights are packed at start as usual.
      """)

  @Argument(help: ArgumentHelp("Name or path of a model.", valueName: "model"))
  var model: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "path"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "fp32, bf16 or int8; may be given several times. (default: fp32)", valueName: "precision"))
  var precision: [Precision] = []

  @Option(help: "Instruction set to pack for. (default: the best of this machine)")
  var isa: InstructionSet?

  func validate() throws {
    try requireAvailable(isa)
    if Set(precision).count < precision.count {
      throw ValidationError("--precision names a precision twice.")
    }
  }

  func run() throws {
    let file = try ModelDirectory().open(model)
    try refuseOverwriting([file.path], with: output)
    let packed = try file.write(
      to: output, packedFor: precision.isEmpty ? [.fp32] : precision, isa: isa ?? .best)
    let lines = packed.packedSections.map { "\(output): \($0.summary(of: packed))" }
    try printText(lines.joined(separator: "\n"))
  }
}

extension PackedSection {
  /// Its precision, instruction set and size, such as `fp32 for avx512, 17.3 MB`.
  func summary(of file: ModelFile) -> String {
    let size = file.byteCount(of: self)
    return "\(precision.rawValue) for \(instructionSet), \(decimals(Double(size) / 1e6, 1)) MB"
  }
}

/// Rejects an instruction set that this machine does not have.
///
/// - Throws: `ValidationError`.
func requireAvailable(_ isa: InstructionSet?) throws {
  if let isa, !isa.isAvailable {
    throw ValidationError("--isa is \(isa.rawValue), which this machine does not have.")
  }
}
