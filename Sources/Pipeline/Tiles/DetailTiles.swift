package import Geometry
package import SSDLite

/// The tiles of a part of the frame that is analysed at full detail: they are as large as the
/// network's input, so nothing in them is reduced.
///
/// They overlap as those of a grid do. A part that needs more than one is analysed as a whole, too,
/// for what is larger than a tile.
package enum DetailTiles {
  /// Tiles in a row and in a column; a larger part is reduced after all.
  package static let mostTiles = 8

  /// The tiles of `area`, in fractions of a frame of `width` by `height` pixels.
  package static func tiles(
    of area: PixelBox, width: Int, height: Int, input: InputSize
  ) -> [PixelRegion] {
    let (left, right) = edges(area.x, area.width, of: width)
    let (top, bottom) = edges(area.y, area.height, of: height)
    let part = PixelRegion(left: left, top: top, right: right, bottom: bottom)
    let columns = spans(of: part.width, input: input.width)
    let rows = spans(of: part.height, input: input.height)
    guard columns.count * rows.count > 1 else { return [part] }
    return [part]
      + rows.flatMap { row in
        columns.map { column in
          PixelRegion(
            x: part.x + column.start, y: part.y + row.start, width: column.length,
            height: row.length)
        }
      }
  }

  /// The edges of a part in pixels, on multiples of the steps of tiles; at least a step long, if
  /// the frame is.
  private static func edges(_ start: Double, _ length: Double, of side: Int) -> (Int, Int) {
    let step = TileLayout.step
    func pixel(_ fraction: Double) -> Int { Int(min(max(fraction, 0), 1) * Double(side)) }
    let low = min(pixel(start), max(side - step, 0)) / step * step
    let high = (pixel(start + length) + step - 1) / step * step
    return (low, min(max(high, low + step), side))
  }

  private static func spans(of length: Int, input: Int) -> [(start: Int, length: Int)] {
    let tile = Double(max(input, 1))
    let count = 1 + ((Double(length) / tile - 1) / (1 - TileLayout.overlap)).rounded(.up)
    let tiles = Int(min(max(count, 1), Double(mostTiles)))
    return tiles == 1 ? [(0, length)] : TileLayout.spans(of: length, tiles: tiles)
  }
}
