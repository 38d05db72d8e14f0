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
  /// The scales of all maps and a last one; `nil` if they are evenly spaced between the two scales
  /// above.
  public var scales: [Double]?
  /// The distance of two cells of each map in pixels of the input; `nil` if cells share its side.
  public var steps: [Double]?

  /// Creates the rule; the defaults are those of `ssdlite320_mobilenet_v3_large`.
  public init(
    minimumScale: Double = 0.2, maximumScale: Double = 0.95,
    aspectRatios: [[Double]] = Array(repeating: [2, 3], count: 6), clipsSizes: Bool = true,
    scales: [Double]? = nil, steps: [Double]? = nil
  ) {
    self.minimumScale = minimumScale
    self.maximumScale = maximumScale
    self.aspectRatios = aspectRatios
    self.clipsSizes = clipsSizes
    self.scales = scales
    self.steps = steps
  }

  /// The priors of torchvision's `ssd300_vgg16`.
  static let vgg16 = TorchvisionPriors(
    minimumScale: 0.07, maximumScale: 0.87,
    aspectRatios: [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
    scales: [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05], steps: [8, 16, 32, 64, 100, 300])

  func priorsPerCell(map: Int) -> Int { 2 + 2 * aspectRatios[map].count }

  func grid(
    map: Int, rows: Int, columns: Int, input: (height: Double, width: Double)
  ) -> PriorGrid {
    let scales =
      self.scales
      ?? evenScales(minimum: minimumScale, maximum: maximumScale, maps: aspectRatios.count)
    let scale = scales[map]
    let between = (scale * scales[map + 1]).squareRoot()
    var sizes = [(width: scale, height: scale), (width: between, height: between)]
    for ratio in aspectRatios[map] {
      let (long, short) = (scale * ratio.squareRoot(), scale / ratio.squareRoot())
      sizes.append((long, short))
      sizes.append((short, long))
    }
    if clipsSizes { sizes = sizes.map { (min($0.width, 1), min($0.height, 1)) } }
    let step = steps?[map]
    return PriorGrid(
      rows: .init(count: rows, step: step.map { $0 / input.height } ?? 1 / Double(rows)),
      columns: .init(count: columns, step: step.map { $0 / input.width } ?? 1 / Double(columns)),
      sizes: sizes)
  }

  func validate() throws(SpecificationError) {
    try requirePositive([minimumScale, maximumScale], "A scale")
    let maps = aspectRatios.count
    guard scales?.count ?? (maps + 1) == maps + 1, steps?.count ?? maps == maps else {
      throw .priors(
        "There are priors for \(maps) feature maps; with scales and steps of their own they need "
          + "\(maps + 1) scales and \(maps) steps.")
    }
    try requirePositive((scales ?? []) + (steps ?? []), "A scale or step")
    try requirePositive(aspectRatios.flatMap(\.self), "An aspect ratio")
  }
}
