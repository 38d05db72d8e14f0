internal import Backbone

/// Published weights that `models pull` knows by name.
public struct CatalogueEntry: Hashable, Sendable {
  /// The name of the model, as its publisher has it.
  public let name: String
  /// The network; `nil` where the file tells.
  public let architecture: ImportArchitecture?
  /// The folder of the file, an `https` address with a slash at its end.
  public let folder: String
  /// The name of the file.
  public let file: String
  /// The SHA-256 of the file; `nil` if its name has the first digits.
  public let sha256: String?
  /// The file with the weights in an archive; `nil` if the file isn't one.
  public let member: String?
  /// The licence of the weights.
  public let license: String
  /// Who published them, and which version they are.
  public let source: String
}

/// The weights that `models pull` knows: only such as the importers can read.
public enum ModelCatalogue {
  // swift-format-ignore
  /// All entries; of torchvision's (0.15 and later) the weights that it calls `DEFAULT`.
  public static let entries = [
    torchvision("mobilenet_v2", .mobileNetV2, "MobileNet_V2_Weights.IMAGENET1K_V2", "mobilenet_v2-7ebf99e0.pth"),
    torchvision("mobilenet_v3_large", .mobileNetV3Large, "MobileNet_V3_Large_Weights.IMAGENET1K_V2", "mobilenet_v3_large-5c1a4163.pth"),
    torchvision("mobilenet_v3_small", .mobileNetV3Small, "MobileNet_V3_Small_Weights.IMAGENET1K_V1", "mobilenet_v3_small-047dcff4.pth"),
    torchvision("squeezenet1_0", .squeezeNet1_0, "SqueezeNet1_0_Weights.IMAGENET1K_V1", "squeezenet1_0-b66bff10.pth"),
    torchvision("squeezenet1_1", .squeezeNet1_1, "SqueezeNet1_1_Weights.IMAGENET1K_V1", "squeezenet1_1-b8a52dc0.pth"),
    torchvision("shufflenet_v2_x0_5", .shuffleNetV2, "ShuffleNet_V2_X0_5_Weights.IMAGENET1K_V1", "shufflenetv2_x0.5-f707e7126e.pth"),
    torchvision("shufflenet_v2_x1_0", .shuffleNetV2, "ShuffleNet_V2_X1_0_Weights.IMAGENET1K_V1", "shufflenetv2_x1-5666bf0f80.pth"),
    torchvision("shufflenet_v2_x1_5", .shuffleNetV2, "ShuffleNet_V2_X1_5_Weights.IMAGENET1K_V1", "shufflenetv2_x1_5-3c479a10.pth"),
    torchvision("shufflenet_v2_x2_0", .shuffleNetV2, "ShuffleNet_V2_X2_0_Weights.IMAGENET1K_V1", "shufflenetv2_x2_0-8be3c8ee.pth"),
    torchvision("resnet18", .classifier(.resNet18), "ResNet18_Weights.IMAGENET1K_V1", "resnet18-f37072fd.pth"),
    torchvision("resnet34", .classifier(.resNet34), "ResNet34_Weights.IMAGENET1K_V1", "resnet34-b627a593.pth"),
    torchvision("resnet50", .classifier(.resNet50), "ResNet50_Weights.IMAGENET1K_V2", "resnet50-11ad3fa6.pth"),
    torchvision("resnet101", .classifier(.resNet101), "ResNet101_Weights.IMAGENET1K_V2", "resnet101-cd907fc2.pth"),
    torchvision("resnet152", .classifier(.resNet152), "ResNet152_Weights.IMAGENET1K_V2", "resnet152-f82ba261.pth"),
    torchvision("ssd300_vgg16_coco", .ssd300VGG16, "SSD300_VGG16_Weights.COCO_V1", "ssd300_vgg16_coco-b556d3b4.pth"),
    torchvision("ssdlite320_mobilenet_v3_large_coco", .ssdlite320MobileNetV3Large, "SSDLite320_MobileNet_V3_Large_Weights.COCO_V1", "ssdlite320_mobilenet_v3_large_coco-a79551df.pth"),
    torchvision("lraspp_mobilenet_v3_large", .lrasppMobileNetV3Large, "LRASPP_MobileNet_V3_Large_Weights.COCO_WITH_VOC_LABELS_V1", "lraspp_mobilenet_v3_large-d234d4ea.pth"),
    tensorFlow("ssdlite_mobilenet_v2_coco_2018_05_09", "542445cce834dbfbb7df1991425d475e85a2d7ec68c60a4f262bb18aac10c8b2"),
    tensorFlow("ssd_mobilenet_v1_coco_2018_01_28", "8788f89108519fd1102b8a5c2ac861cf6d86603571b6ce5bbd1c245b7fe005e3"),
  ]

  /// The entry called `name`.
  public static func entry(named name: String) -> CatalogueEntry? {
    entries.first { $0.name == name }
  }

  private static func torchvision(
    _ name: String, _ architecture: ImportArchitecture, _ weights: String, _ file: String
  ) -> CatalogueEntry {
    CatalogueEntry(
      name: name, architecture: architecture, folder: "https://download.pytorch.org/models/",
      file: file, sha256: nil, member: nil, license: "BSD-3-Clause",
      source: "torchvision's \(weights)")
  }

  /// An archive of TensorFlow's object detection API, with a frozen graph that tells everything.
  private static func tensorFlow(_ name: String, _ sha256: String) -> CatalogueEntry {
    CatalogueEntry(
      name: name, architecture: nil,
      folder: "https://storage.googleapis.com/download.tensorflow.org/models/object_detection/",
      file: "\(name).tar.gz", sha256: sha256, member: "frozen_inference_graph.pb",
      license: "Apache-2.0", source: "TensorFlow's object detection API")
  }
}
