/// Published weights that `models pull` knows by name.
public struct CatalogueEntry: Hashable, Sendable {
  /// The name of the model, as its publisher has it.
  public let name: String
  /// The network.
  public let architecture: ImportArchitecture
  /// The folder of the file, an `https` address with a slash at its end.
  public let folder: String
  /// The name of the file, which has the first digits of its SHA-256.
  public let file: String
  /// The licence of the weights.
  public let license: String
  /// Who published them, and which version they are.
  public let source: String
}

/// The weights that `models pull` knows: only such as the importers can read.
public enum ModelCatalogue {
  /// All entries.
  public static let entries = torchvision.map { row in
    CatalogueEntry(
      name: row.name, architecture: row.architecture,
      folder: "https://download.pytorch.org/models/", file: row.file, license: "BSD-3-Clause",
      source: "torchvision's \(row.weights)")
  }

  /// The entry called `name`.
  public static func entry(named name: String) -> CatalogueEntry? {
    entries.first { $0.name == name }
  }

  private struct TorchvisionRow {
    var name: String
    var architecture: ImportArchitecture
    var weights: String
    var file: String
  }

  // swift-format-ignore
  /// torchvision 0.15 and later: of each network the weights that it calls `DEFAULT`.
  private static let torchvision: [TorchvisionRow] = [
    .init(name: "mobilenet_v2", architecture: .mobileNetV2, weights: "MobileNet_V2_Weights.IMAGENET1K_V2", file: "mobilenet_v2-7ebf99e0.pth"),
    .init(name: "mobilenet_v3_large", architecture: .mobileNetV3Large, weights: "MobileNet_V3_Large_Weights.IMAGENET1K_V2", file: "mobilenet_v3_large-5c1a4163.pth"),
    .init(name: "mobilenet_v3_small", architecture: .mobileNetV3Small, weights: "MobileNet_V3_Small_Weights.IMAGENET1K_V1", file: "mobilenet_v3_small-047dcff4.pth"),
    .init(name: "squeezenet1_0", architecture: .squeezeNet1_0, weights: "SqueezeNet1_0_Weights.IMAGENET1K_V1", file: "squeezenet1_0-b66bff10.pth"),
    .init(name: "squeezenet1_1", architecture: .squeezeNet1_1, weights: "SqueezeNet1_1_Weights.IMAGENET1K_V1", file: "squeezenet1_1-b8a52dc0.pth"),
    .init(name: "ssdlite320_mobilenet_v3_large_coco", architecture: .ssdlite320MobileNetV3Large, weights: "SSDLite320_MobileNet_V3_Large_Weights.COCO_V1", file: "ssdlite320_mobilenet_v3_large_coco-a79551df.pth"),
  ]
}
