internal import Layers
internal import Backbone
internal import ArgumentParser
internal import ModelImport
internal import Models
internal import Output

/// `stream-detect models info`.
struct ModelsInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Prints a model's network as the table of its paper, with shapes and costs.",
    discussion: """
      NAME is a model in the model folder, the path of a model file, 'built-in', or an \
      architecture: \
      \(ImportArchitecture.allValueStrings.joined(separator: ", ")).
      """)

  @Argument(help: ArgumentHelp("Model or architecture.", valueName: "name"))
  var name = ModelFile.builtInName

  @OptionGroup(title: "Architecture without a model") var network: NetworkOptions

  func run() throws {
    if let known = ImportArchitecture(rawValue: name), !isFile(name) {
      try printText(try network.architecture(known).table().text())
      return
    }
    try network.refuse(beside: name)
    let model = try ModelDirectory().open(name)
    let description = model.description
    let architecture = description.architecture
    var facts = [
      ["name", description.name],
      ["file", "\(model.path), \(model.byteCount) bytes"],
      ["sha256", model.sha256()],
      ["network", architecture.summary],
      [
        "input",
        "\(architecture.inputWidth) x \(architecture.inputHeight) pixels, "
          + "\(description.normalization.order.rawValue)",
      ],
      ["classes", "\(architecture.labelCount): \(someLabels(description))"],
      [
        "thresholds",
        "confidence \(description.scoreThreshold), overlap \(description.iouThreshold)",
      ],
      ["provenance", description.provenance],
      ["licence", description.license],
    ]
    facts += model.packedSections.map { ["packed", $0.summary(of: model)] }
    let head = aligned(facts, leftColumns: 2).joined(separator: "\n")
    try printText(head + "\n\n" + (try architecture.table().text()))
  }

  private func isFile(_ path: String) -> Bool { FileIdentity(path: path) != nil }

  private func someLabels(_ description: ModelDescription) -> String {
    let names =
      description.architecture.isDetector
      ? Array(description.labels.dropFirst()) : description.labels
    let shown = names.prefix(20).joined(separator: ", ")
    return names.count > 20 ? shown + ", …" : shown
  }
}
