internal import ArgumentParser
internal import Pipeline

/// In which parts frames are looked at.
struct TileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Look at tiles beside the whole frame, for small objects: 2 is two by two, 3 three by three, "
        + "2,3 both; auto chooses for each source by frame size and, where it is live, speed.",
      valueName: "n,n|auto|none"))
  var tiles: String = "none"

  /// The grids, checked by `validate`.
  var grid: TileGrid { TileGrid(tiles) ?? .none }

  func validate() throws {
    guard TileGrid(tiles) == nil else { return }
    let (low, high) = (TileGrid.allowedSides.lowerBound, TileGrid.allowedSides.upperBound)
    throw ValidationError(
      "--tiles is '\(tiles)'; it takes auto, none, or up to \(TileGrid.maximumGrids) numbers "
        + "between \(low) and \(high), as 2 or 2,3.")
  }
}
