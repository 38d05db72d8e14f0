package import Layers

/// A network's declaration: its table, and how its rows become operators.
package protocol BackboneNetwork: Sendable {
  /// Name and source of the table.
  var title: String { get }
  /// Names of the paper's columns.
  var columns: [String] { get }
  /// Where a detector takes its first feature map, or `nil` if the network has no detector.
  var detectorCut: DetectorCut? { get }
  /// Whether torchvision has a variant with a halved last stage.
  var hasReducedTail: Bool { get }
  /// The only width multipliers that there are, or `nil` if any will do.
  var widths: [Double]? { get }
  /// Whether weights are published at other widths than 1.
  var hasScaledReleases: Bool { get }
  /// Side of the input, in pixels, at which the network is published.
  var inputSide: Int { get }
  /// Sides of the input that the classifier can have, or `nil` if any will do.
  var classifierSides: ClosedRange<Int>? { get }
  /// Sides of the input that a detector can have.
  var detectorSides: ClosedRange<Int> { get }
  /// Appends everything up to the last feature map.
  func appendFeatures(to builder: inout BackboneBuilder)
  /// Appends pooling and the layers that end in one logit per class.
  func appendClassifier(to builder: inout BackboneBuilder, classes: Int)
  /// Appends the network with its own extra layers, and returns the maps that the heads read.
  ///
  /// - Precondition: The network's cut is ``DetectorCut/own(maps:)``.
  func appendDetectorMaps(to builder: inout BackboneBuilder) -> [Value]
}

extension BackboneNetwork {
  package var widths: [Double]? { nil }
  package var hasScaledReleases: Bool { true }
  package var inputSide: Int { 224 }
  package var classifierSides: ClosedRange<Int>? { nil }
  package var detectorSides: ClosedRange<Int> { SpecificationLimits.sides }

  package func appendDetectorMaps(to builder: inout BackboneBuilder) -> [Value] {
    preconditionFailure("\(title) has no extra layers of its own")
  }
}

/// Where an SSD takes its feature map of stride 16.
package enum DetectorCut: Hashable, Sendable {
  /// After the block of this index.
  case after(block: Int)
  /// Inside the block of this index, after its expansion: the first block of stride 32
  /// (Sandler et al. 2018, section 6.2; Howard et al. 2019, section 6.3).
  case afterExpansion(ofBlock: Int)
  /// After the module of this name. All modules keep their names, below `backbone.`.
  case afterModule(String)
  /// Nowhere: the network's detector has extra layers of its own, and so many maps. All modules
  /// keep their names, below `backbone.`.
  case own(maps: Int)
}
