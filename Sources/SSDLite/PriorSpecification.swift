public import Geometry
internal import Backbone

/// The rule that places prior (anchor) boxes on the feature maps.
public enum PriorSpecification: Hashable, Sendable {
  /// torchvision's `DefaultBoxGenerator`.
  case torchvision(TorchvisionPriors)
  /// TensorFlow's `create_ssd_anchors`.
  case tensorFlow(TensorFlowPriors)
  /// Caffe's `PriorBox` layers.
  case caffe(CaffePriors)

  /// Number of feature maps that the rule is for.
  public var maps: Int {
    switch self {
    case .torchvision(let rule): rule.aspectRatios.count
    case .tensorFlow(let rule): rule.maps
    case .caffe(let rule): rule.maps.count
    }
  }

  /// Number of priors per cell of feature map `map`.
  ///
  /// - Precondition: `map` is one of ``maps``.
  public func priorsPerCell(map: Int) -> Int {
    switch self {
    case .torchvision(let rule): rule.priorsPerCell(map: map)
    case .tensorFlow(let rule): rule.priorsPerCell(map: map)
    case .caffe(let rule): rule.maps[map].priorsPerCell
    }
  }

  /// All priors in the order map, y, x, prior, in fractions of the input; some extend beyond it.
  ///
  /// - Precondition: There are ``maps`` feature maps, and the input is not empty.
  public func priors(
    maps sizes: [(height: Int, width: Int)], inputHeight: Int, inputWidth: Int
  ) -> [CenterBox] {
    boxes(of: grids(maps: sizes, inputHeight: inputHeight, inputWidth: inputWidth))
  }

  /// The grid of each feature map.
  func grids(
    maps sizes: [(height: Int, width: Int)], inputHeight: Int, inputWidth: Int
  ) -> [PriorGrid] {
    precondition(sizes.count == maps, "\(sizes.count) feature maps, but priors for \(maps)")
    let input = (height: Double(inputHeight), width: Double(inputWidth))
    return sizes.enumerated().map { map, size in
      switch self {
      case .torchvision(let rule):
        rule.grid(map: map, rows: size.height, columns: size.width, input: input)
      case .tensorFlow(let rule):
        rule.grid(map: map, rows: size.height, columns: size.width, input: input)
      case .caffe(let rule):
        rule.grid(map: map, rows: size.height, columns: size.width, input: input)
      }
    }
  }

  /// The priors of grids, one for each feature map.
  func boxes(of grids: [PriorGrid]) -> [CenterBox] {
    var priors: [CenterBox] = []
    priors.reserveCapacity(
      grids.reduce(0) { $0 + $1.rows.count * $1.columns.count * $1.sizes.count })
    for grid in grids { grid.append(to: &priors) }
    if case .caffe(let rule) = self, rule.clips {
      for index in priors.indices { priors[index] = CenterBox(priors[index].corners.clipped) }
    }
    return priors
  }

  /// Rejects parameters that do not give valid boxes.
  func validate() throws(SpecificationError) {
    guard (1...Self.mostMaps).contains(maps) else {
      throw .priors("The priors are for \(maps) feature maps; there must be 1 to \(Self.mostMaps).")
    }
    switch self {
    case .torchvision(let rule): try rule.validate()
    case .tensorFlow(let rule): try rule.validate()
    case .caffe(let rule): try rule.validate()
    }
    for map in 0..<maps where !(1...Self.mostPriorsPerCell).contains(priorsPerCell(map: map)) {
      throw .priors(
        "Feature map \(map) has \(priorsPerCell(map: map)) priors in a cell; there must be 1 to "
          + "\(Self.mostPriorsPerCell).")
    }
  }

  private static let mostMaps = 16
  private static let mostPriorsPerCell = 64
}

/// Rejects a size or ratio that is not a positive, finite number.
func requirePositive(_ numbers: [Double], _ what: String) throws(SpecificationError) {
  for number in numbers where !(number > 0 && number.isFinite) {
    throw .priors("\(what) of the priors is \(number); it must be a positive number.")
  }
}
