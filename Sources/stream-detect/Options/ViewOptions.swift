internal import ArgumentParser
internal import Pipeline

/// At which input sizes frames are analysed, and whether in tiles, too.
struct ViewOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Analyse tiles as well as the whole frame, for small objects: 2 for two by two, 3 for three "
        + "by three, 2,3 for both; auto chooses for each source by frame size and, if it is live, "
        + "by speed.",
      valueName: "n,n|auto|none"))
  var tiles: String = "none"

  @Option(
    help: ArgumentHelp(
      "Analyse frames at this input size of the network, or at several and merge what is found: "
        + "512, 512x288, or 300,512; tiles are analysed at the first; auto adds a larger size to "
        + "the model's own where a source has the detail for it and, if it is live, the time. "
        + "(default: the model's own)",
      valueName: "size,size|auto"))
  var size: String?

  /// The sizes, checked by `validate`.
  var sizes: InputSizes { size.flatMap { InputSizes($0) } ?? .own }

  /// The grids, checked by `validate`.
  var grid: TileGrid { TileGrid(tiles) ?? .none }

  func validate() throws {
    if let size, InputSizes(size) == nil {
      let sides = InputSizes.allowedSides
      throw ValidationError(
        "--size is '\(size)'; it takes auto, or up to \(InputSizes.maximumSizes) sizes of "
          + "\(sides.lowerBound) to \(sides.upperBound) pixels, such as 512, 512x288 or 300,512.")
    }
    guard TileGrid(tiles) == nil else { return }
    let (low, high) = (TileGrid.allowedSides.lowerBound, TileGrid.allowedSides.upperBound)
    throw ValidationError(
      "--tiles is '\(tiles)'; it takes auto, none, or up to \(TileGrid.maximumGrids) numbers "
        + "between \(low) and \(high), such as 2 or 2,3.")
  }
}
