internal import ArgumentParser
internal import Pipeline

/// Whether frames are analysed in tiles, too.
struct TileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Analyse tiles as well as the whole frame, for small objects: 2 for two by two, 3 for three "
        + "by three, 2,3 for both; auto chooses for each source by frame size and, if it is live, "
        + "by speed.",
      valueName: "n,n|auto|none"))
  var tiles: String = "none"

  /// The grids, checked by `validate`.
  var grid: TileGrid { TileGrid(tiles) ?? .none }

  func validate() throws {
    guard TileGrid(tiles) == nil else { return }
    let (low, high) = (TileGrid.allowedSides.lowerBound, TileGrid.allowedSides.upperBound)
    throw ValidationError(
      "--tiles is '\(tiles)'; it takes auto, none, or up to \(TileGrid.maximumGrids) numbers "
        + "between \(low) and \(high), such as 2 or 2,3.")
  }
}
