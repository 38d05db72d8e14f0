internal import Backbone

/// The parameters of the TensorFlow Object Detection API's `create_ssd_anchors`.
///
/// Sizes are fractions of the input's shorter side, so a ratio of 1 is square in pixels.
public struct TensorFlowPriors: Codable, Hashable, Sendable {
  /// Number of feature maps.
  public var maps: Int
  /// Scale of the first map, in fractions of the input's shorter side.
  public var minimumScale: Double
  /// Scale of the last map.
  public var maximumScale: Double
  /// Ratios of width to height; reciprocals are not added.
  public var aspectRatios: [Double]
  /// Whether a square between the map's scale and the next one is added to each cell.
  public var addsInterpolatedScale: Bool
  /// Whether the first map has only a square of scale 0.1 and the ratios 2 and 1/2
  /// (`reduce_boxes_in_lowest_layer`).
  public var reducesFirstMap: Bool

  /// Creates the rule; the defaults are those of the SSD models of TensorFlow's model zoo.
  public init(
    maps: Int = 6, minimumScale: Double = 0.2, maximumScale: Double = 0.95,
    aspectRatios: [Double] = [1, 2, 0.5, 3, 1.0 / 3], addsInterpolatedScale: Bool = true,
    reducesFirstMap: Bool = true
  ) {
    self.maps = maps
    self.minimumScale = minimumScale
    self.maximumScale = maximumScale
    self.aspectRatios = aspectRatios
    self.addsInterpolatedScale = addsInterpolatedScale
    self.reducesFirstMap = reducesFirstMap
  }

  func priorsPerCell(map: Int) -> Int {
    if map == 0 && reducesFirstMap { return 3 }
    return aspectRatios.count + (addsInterpolatedScale ? 1 : 0)
  }

  func grid(
    map: Int, rows: Int, columns: Int, input: (height: Double, width: Double)
  ) -> PriorGrid {
    let scales = evenScales(minimum: minimumScale, maximum: maximumScale, maps: maps)
    var boxes: [(scale: Double, ratio: Double)]
    if map == 0 && reducesFirstMap {
      boxes = [(0.1, 1), (scales[0], 2), (scales[0], 0.5)]
    } else {
      boxes = aspectRatios.map { (scales[map], $0) }
      if addsInterpolatedScale {
        boxes.append(((scales[map] * scales[map + 1]).squareRoot(), 1))
      }
    }
    let side = min(input.height, input.width)
    let sizes = boxes.map { box in
      (
        width: box.scale * box.ratio.squareRoot() * side / input.width,
        height: box.scale / box.ratio.squareRoot() * side / input.height
      )
    }
    return PriorGrid(
      rows: .init(count: rows, step: 1 / Double(rows)),
      columns: .init(count: columns, step: 1 / Double(columns)), sizes: sizes)
  }

  func validate() throws(SpecificationError) {
    try requirePositive([minimumScale, maximumScale], "A scale")
    try requirePositive(aspectRatios, "An aspect ratio")
  }
}
