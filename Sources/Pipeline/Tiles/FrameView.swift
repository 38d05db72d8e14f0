public import Geometry

/// A part of a frame, and the input size at which it is analysed.
public struct FrameView: Hashable, Sendable {
  /// The part of the frame.
  public var region: PixelRegion
  /// The place of the size in the detector's pyramid.
  public var level: Int

  /// The views of a frame: its tiles at the first size, then the whole frame at each other size,
  /// then `details` at the first.
  public static func views(
    of layout: TileLayout, levels: [Int], details: [PixelRegion] = []
  ) -> [FrameView] {
    let first = levels.first ?? 0
    return layout.tiles.map { FrameView(region: $0, level: first) }
      + levels.dropFirst().map { FrameView(region: layout.tiles[0], level: $0) }
      + details.map { FrameView(region: $0, level: first) }
  }
}
