internal import Layers
internal import SSDLite
internal import Backbone
internal import ArgumentParser
internal import Logging
internal import Models

/// `stream-detect models`.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists, shows, pulls, imports, verifies, quantizes and packs models.",
    subcommands: [
      ModelsListCommand.self, ModelsInfoCommand.self, ModelsPullCommand.self,
      ModelsImportCommand.self,
      ModelsVerifyCommand.self, ModelsQuantizeCommand.self, ModelsPackCommand.self,
    ])
}

/// `stream-detect models list`.
struct ModelsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the built-in model and those in the model folder.",
    discussion: """
      The folder is $STREAM_DETECT_MODELS if that is set, otherwise \
      $XDG_DATA_HOME/stream-detect/models or ~/.local/share/stream-detect/models.
      """)

  @OptionGroup(title: "Messages") var report: ReportOptions

  func run() throws {
    let models = ModelResolution(logger: report.makeLogger())
    let builtIn = (name: ModelFile.builtInName, file: try ModelFile.builtIn())
    let rows = ([builtIn] + models.usable()).map { name, file in
      let description = file.description
      return [
        name, description.architecture.summary,
        "\(description.architecture.inputWidth) x \(description.architecture.inputHeight)",
        "\(description.architecture.labelCount) classes",
        "\(decimals(Double(file.byteCount) / 1e6, 1)) MB", description.license,
      ]
    }
    try printText(aligned(rows, leftColumns: 6).joined(separator: "\n"))
  }
}

extension ModelArchitecture {
  /// The network's name, such as `ssdlite_mobilenet_v2 x0.5`.
  var summary: String {
    let (name, width) =
      switch self {
      case .classifier(let it): (it.backbone.rawValue, it.widthMultiplier)
      case .detector(let it): ("\(it.style.rawValue)_\(it.backbone.rawValue)", it.widthMultiplier)
      case .segmenter(let it): ("lraspp_" + it.backbone.rawValue, it.widthMultiplier)
      case .graph(let it): ("graph of \(it.graph.nodes.count) operators", 1)
      }
    return width == 1 ? name : "\(name) x\(shortest(width))"
  }
}
