import CFFmpeg

/// The tiles of a picture that is stored as a grid.
struct TileGrid {
  /// One tile: its stream, and its place on the canvas.
  struct Tile {
    let stream, x, y: Int
  }

  let tiles: [Tile]
  /// The size of the canvas.
  let codedWidth, codedHeight: Int
  /// The part of the canvas that is the picture.
  let x, y, width, height: Int

  /// The streams of the tiles.
  let streams: Set<Int>

  init(
    tiles: [Tile], codedWidth: Int, codedHeight: Int, x: Int, y: Int, width: Int, height: Int
  ) {
    self.tiles = tiles
    streams = Set(tiles.map(\.stream))
    (self.codedWidth, self.codedHeight) = (codedWidth, codedHeight)
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  /// Whether the picture lies on the canvas.
  var isPlausible: Bool {
    width > 0 && height > 0 && x >= 0 && y >= 0 && x + width <= codedWidth
      && y + height <= codedHeight
  }
}

extension FormatContext {
  /// The grid of tiles that is the source's picture; `nil` if it is stored whole, and for
  /// every FFmpeg before 7.
  var tileGrid: TileGrid? {
    var grid = SDTileGrid()
    var (stream, x, y): (Int32, Int32, Int32) = (0, 0, 0)
    guard unsafe sd_tile_grid(raw, &grid, -1, &stream, &x, &y) != 0 else { return nil }
    let tiles = (0..<max(grid.tile_count, 0)).compactMap { index -> TileGrid.Tile? in
      unsafe sd_tile_grid(raw, &grid, index, &stream, &x, &y) != 0
        ? TileGrid.Tile(stream: Int(stream), x: Int(x), y: Int(y)) : nil
    }
    guard tiles.count == grid.tile_count, !tiles.isEmpty else { return nil }
    return TileGrid(
      tiles: tiles, codedWidth: Int(grid.coded_width), codedHeight: Int(grid.coded_height),
      x: Int(grid.x), y: Int(grid.y), width: Int(grid.width), height: Int(grid.height))
  }
}
