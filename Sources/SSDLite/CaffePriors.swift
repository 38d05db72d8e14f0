internal import Backbone

/// The parameters of one Caffe `PriorBox` layer; sizes in pixels of the input.
public struct CaffePriorMap: Codable, Hashable, Sendable {
  /// Sides of the squares (`min_size`).
  public var minimumSizes: [Double]
  /// Each adds a square whose side is the geometric mean of it and the minimum size (`max_size`);
  /// none, or one for each minimum size.
  public var maximumSizes: [Double]
  /// Ratios of width to height besides 1 (`aspect_ratio`).
  public var aspectRatios: [Double]
  /// Whether the reciprocal of each ratio follows it.
  public var flips: Bool
  /// Distance between two centres in pixels; by default the input's side divided by the map's, as
  /// in Caffe.
  public var step: Double?

  /// Creates a layer's parameters.
  public init(
    minimumSizes: [Double], maximumSizes: [Double] = [], aspectRatios: [Double] = [],
    flips: Bool = true, step: Double? = nil
  ) {
    self.minimumSizes = minimumSizes
    self.maximumSizes = maximumSizes
    self.aspectRatios = aspectRatios
    self.flips = flips
    self.step = step
  }

  /// Number of priors per cell.
  public var priorsPerCell: Int { minimumSizes.count * (1 + ratios.count) + maximumSizes.count }

  /// Every ratio other than 1, in Caffe's order.
  var ratios: [Double] {
    var ratios: [Double] = []
    for ratio in aspectRatios where ratio != 1 {
      ratios.append(ratio)
      if flips { ratios.append(1 / ratio) }
    }
    return ratios
  }
}

/// The parameters of the Caffe SSD's `PriorBox` layers.
public struct CaffePriors: Codable, Hashable, Sendable {
  /// One layer for each feature map.
  public var maps: [CaffePriorMap]
  /// Position of the centre in its cell, in fractions of the step.
  public var offset: Double
  /// Whether the edges of the boxes are clipped to the input.
  public var clips: Bool

  /// Creates the rule.
  public init(maps: [CaffePriorMap], offset: Double = 0.5, clips: Bool = false) {
    self.maps = maps
    self.offset = offset
    self.clips = clips
  }

  /// The layers of the MobileNet SSDs for inputs of 300 pixels; for other inputs the sizes are
  /// scaled.
  ///
  /// The minimum sizes are 60, 105, … 285. Each map's maximum is the next map's minimum; the first
  /// map has none. The ratio is 2 on the first map, 2 and 3 on the others.
  public static func mobileNet(input side: Int = 300) -> CaffePriors {
    let sizes: [Double] = [60, 105, 150, 195, 240, 285, 300].map { $0 * Double(side) / 300 }
    let maps = (0..<6).map { map in
      CaffePriorMap(
        minimumSizes: [sizes[map]], maximumSizes: map == 0 ? [] : [sizes[map + 1]],
        aspectRatios: map == 0 ? [2] : [2, 3])
    }
    return CaffePriors(maps: maps)
  }

  func grid(
    map: Int, rows: Int, columns: Int, input: (height: Double, width: Double)
  ) -> PriorGrid {
    let layer = maps[map]
    var pixels: [(width: Double, height: Double)] = []
    for (index, size) in layer.minimumSizes.enumerated() {
      pixels.append((size, size))
      if index < layer.maximumSizes.count {
        let between = (size * layer.maximumSizes[index]).squareRoot()
        pixels.append((between, between))
      }
      for ratio in layer.ratios {
        pixels.append((size * ratio.squareRoot(), size / ratio.squareRoot()))
      }
    }
    return PriorGrid(
      rows: .init(
        count: rows, offset: offset,
        step: layer.step.map { $0 / input.height } ?? 1 / Double(rows)),
      columns: .init(
        count: columns, offset: offset,
        step: layer.step.map { $0 / input.width } ?? 1 / Double(columns)),
      sizes: pixels.map { ($0.width / input.width, $0.height / input.height) })
  }

  func validate() throws(SpecificationError) {
    guard offset.isFinite else {
      throw .priors("The offset of the priors is \(offset); it must be finite.")
    }
    for map in maps {
      try requirePositive(map.minimumSizes + map.maximumSizes, "A size")
      try requirePositive(map.aspectRatios, "An aspect ratio")
      if let step = map.step { try requirePositive([step], "A step") }
      guard map.maximumSizes.isEmpty || map.maximumSizes.count == map.minimumSizes.count else {
        throw .priors(
          "A feature map has \(map.minimumSizes.count) minimum and \(map.maximumSizes.count) "
            + "maximum sizes of priors; there must be equally many, or no maximum sizes.")
      }
    }
  }
}
