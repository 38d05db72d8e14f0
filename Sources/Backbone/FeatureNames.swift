/// How the reference implementation numbers the blocks of a backbone.
package enum FeatureNames: Hashable, Sendable {
  /// `features.0`, `features.1`, …: torchvision's classifiers.
  case classifier
  /// `backbone.features.0.N` up to the cut and `backbone.features.1.N` after it, as torchvision's
  /// SSDLite slices its backbone. If the cut is inside a block, its expansion belongs to the first
  /// part. Networks whose modules have names keep them, below `backbone.`.
  case detector(DetectorCut)
  /// `backbone.0`, `backbone.1`, …: torchvision's segmenters, whose last stage is dilated.
  case segmenter

  /// The paths of block `index`, whose modules are in a list called `inner` (`conv`, `block`).
  func block(_ index: Int, inner: String) -> BlockPath {
    switch self {
    case .classifier:
      return BlockPath("features.\(index)", inner: inner)
    case .detector(.afterModule), .detector(.own):
      return BlockPath("backbone.features.\(index)", inner: inner)
    case .segmenter:
      return BlockPath("backbone.\(index)", inner: inner)
    case .detector(.after(let last)):
      return index <= last
        ? BlockPath("backbone.features.0.\(index)", inner: inner)
        : BlockPath("backbone.features.1.\(index - last - 1)", inner: inner)
    case .detector(.afterExpansion(let cut)):
      if index < cut { return BlockPath("backbone.features.0.\(index)", inner: inner) }
      if index > cut { return BlockPath("backbone.features.1.\(index - cut)", inner: inner) }
      return BlockPath(
        module: "backbone.features.1.0", list: "backbone.features.1.0",
        expansion: "backbone.features.0.\(index)")
    }
  }

  /// The path of a module that has a name instead of a number.
  func module(_ name: String) -> String {
    switch self {
    case .classifier: name
    case .detector, .segmenter: "backbone.\(name)"
    }
  }

  /// Whether a detector's first map is the expansion of block `index`.
  func cutsExpansion(of index: Int) -> Bool { self == .detector(.afterExpansion(ofBlock: index)) }
}

/// The names of a block's parts.
struct BlockPath: Hashable {
  /// The whole block.
  let module: String
  /// The list of its layers, which are called `list.0`, `list.1` and so on.
  let list: String
  /// The layer that expands the channels, if there is one.
  let expansion: String

  init(_ module: String, inner: String) {
    self.init(module: module, list: "\(module).\(inner)", expansion: "\(module).\(inner).0")
  }

  init(module: String, list: String, expansion: String) {
    self.module = module
    self.list = list
    self.expansion = expansion
  }
}
