public import Geometry

/// The tiles of a frame: the whole frame as the first, then those of each grid, row by row.
///
/// The tiles of a grid have one size, overlap by a quarter of their sides and cover the frame. They
/// begin on multiples of `step` pixels, counted from either end, so that no tile has to grow to
/// whole chroma samples, however the frame is rotated. This makes tiles up to three pixels larger,
/// and overlaps up to three pixels smaller or larger.
public struct TileLayout: Hashable, Sendable {
  /// How much neighbours share, as a fraction of a tile's side.
  public static let overlap = 0.25
  /// In steps of how many pixels tiles begin: four luma columns share a chroma sample in 4:1:1.
  static let step = 4

  /// The parts of the frame that are analysed.
  public let tiles: [PixelRegion]

  /// Lays out the tiles of a frame for grids with so many tiles in a row and in a column.
  public init(width: Int, height: Int, sides: [Int]) {
    var tiles = [PixelRegion(x: 0, y: 0, width: width, height: height)]
    for side in sides where side > 1 {
      let columns = Self.spans(of: width, tiles: side)
      for row in Self.spans(of: height, tiles: side) {
        for column in columns {
          tiles.append(
            PixelRegion(
              x: column.start, y: row.start, width: column.length, height: row.length))
        }
      }
    }
    self.tiles = tiles
  }

  /// How many tiles such grids make, counting the whole frame.
  public static func tileCount(sides: [Int]) -> Int {
    1 + sides.filter { $0 > 1 }.reduce(0) { $0 + $1 * $1 }
  }

  /// Cuts a side of `length` pixels.
  static func spans(of length: Int, tiles: Int) -> [(start: Int, length: Int)] {
    let steps = tiles - 1
    let ideal = (Double(length) / (1 + Double(steps) * (1 - overlap))).rounded(.up)
    var size = min(max(Int(ideal), 1), length)
    // The rest must consist of whole steps, so that the last tile begins on one.
    size += (length - size) % step
    // In a frame of a few pixels the steps are coarse compared with the tiles.
    while ((length - size) / step + steps - 1) / steps * step > size { size += step }
    let rest = (length - size) / step
    return (0...steps).map { (start: $0 * rest / steps * step, length: size) }
  }
}
