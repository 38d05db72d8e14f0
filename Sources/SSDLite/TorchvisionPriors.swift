internal import Backbone

/// The parameters of torchvision's `DefaultBoxGenerator`.
///
/// Each cell has a square of the map's scale, a square of the geometric mean with the next scale,
/// and a wide and a tall box for each ratio. Sizes are fractions of the input's width and height,
/// so the squares are square only if the input is.
public struct TorchvisionPriors: Codable, Hashable, Sendable {
  /// Scale of the first map, in fractions of the input's side.
  public var minimumScale: Double
  /// Scale of the last map.
  public var maximumScale: Double
  /// For each map, ratios of width to height besides 1; their reciprocals are added.
  public var aspectRatios: [[Double]]
  /// Whether widths and heights are limited to 1; the edges may still be outside the input.
  public var clipsSizes: Bool

  /// Creates the rule; the defaults are those of `ssdlite320_mobilenet_v3_large`.
  public init(
    minimumScale: Double = 0.2, maximumScale: Double = 0.95,
    aspectRatios: [[Double]] = Array(repeating: [2, 3], count: 6), clipsSizes: Bool = true
  ) {
    self.minimumScale = minimumScale
    self.maximumScale = maximumScale
    self.aspectRatios = aspectRatios
    self.clipsSizes = clipsSizes
  }

  func priorsPerCell(map: Int) -> Int { 2 + 2 * aspectRatios[map].count }

  func grid(map: Int, rows: Int, columns: Int) -> PriorGrid {
    let scales = evenScales(minimum: minimumScale, maximum: maximumScale, maps: aspectRatios.count)
    let scale = scales[map]
    let between = (scale * scales[map + 1]).squareRoot()
    var sizes = [(width: scale, height: scale), (width: between, height: between)]
    for ratio in aspectRatios[map] {
      let (long, short) = (scale * ratio.squareRoot(), scale / ratio.squareRoot())
      sizes.append((long, short))
      sizes.append((short, long))
    }
    if clipsSizes { sizes = sizes.map { (min($0.width, 1), min($0.height, 1)) } }
    return PriorGrid(
      rows: .init(count: rows, step: 1 / Double(rows)),
      columns: .init(count: columns, step: 1 / Double(columns)), sizes: sizes)
  }

  func validate() throws(SpecificationError) {
    try requirePositive([minimumScale, maximumScale], "A scale")
    try requirePositive(aspectRatios.flatMap(\.self), "An aspect ratio")
  }
}
