internal import Geometry
internal import Media
package import SSDLite

/// Chooses the input sizes and the grids of tiles at which the frames of a source are analysed.
///
/// `auto` depends on how much the network shrinks a frame: tiles that would have to be enlarged a
/// lot are hardly worth their time. For files the choice depends on the frame size alone, so that a
/// run can be repeated. A live source gets as many as the workers can analyse between two frames.
package struct ViewChoice: Sendable {
  /// What is chosen for a source.
  struct Views: Equatable {
    /// The levels of the pyramid at which the whole frame is analysed; the first is always one.
    var levels: [Int]
    /// The tiles in a row of each grid.
    var sides: [Int]
  }

  private let grid: TileGrid
  /// The sizes of the levels.
  private let levels: [InputSize]
  /// Whether the levels after the first are chosen for each source.
  private let choosesLevels: Bool
  private let selection: FrameSelection
  /// Seconds that one worker takes for a view at each level; used for live sources.
  private let seconds: [Double]
  /// Workers per lane.
  private let workersPerLane: Double

  /// How much the tiles of a grid may be enlarged.
  ///
  /// Photographs of 400 pixels, enlarged by 1.3 in a grid of two, gained three points of AP with
  /// it, those of 300 pixels two (docs/tiles.md).
  static let mostEnlargement = 1.4
  /// The share of the workers' time that tiles may take; scaling, decoding and other programs need
  /// the rest.
  static let usableTime = 0.7
  /// Frames a second of a live source that doesn't state its rate.
  static let assumedFrameRate = 30.0
  /// Seconds between two keyframes of a live source.
  static let assumedKeyframeInterval = 1.0

  init(
    _ grid: TileGrid, levels: [InputSize], choosesLevels: Bool = false, selection: FrameSelection,
    seconds: [Double], workersPerLane: Double
  ) {
    self.grid = grid
    self.levels = levels
    self.selection = selection
    self.choosesLevels = choosesLevels
    self.seconds = seconds
    self.workersPerLane = workersPerLane
  }

  /// The views of a source's frames.
  ///
  /// Sizes come before tiles: they gain as much for less time. `tiles` others are analysed in any
  /// case.
  func views(for info: StreamInfo, isLive: Bool, tiles: Int = 0) -> Views {
    var left = isLive ? interval(info) * workersPerLane * Self.usableTime : .infinity
    func cost(_ level: Int) -> Double { level < seconds.count ? seconds[level] : 0 }
    left -= cost(0) * Double(1 + tiles)
    var chosen = [0]
    for (level, size) in levels.enumerated().dropFirst() {
      if choosesLevels, !isWorthwhile(size, for: info) || cost(level) > left { continue }
      chosen.append(level)
      left -= cost(level)
    }
    return Views(levels: chosen, sides: sides(for: info, within: left, tile: cost(0)))
  }

  /// The tiles of what is analysed at full detail, in a frame of `width` by `height` pixels.
  func tiles(of areas: PlacedAreas, width: Int, height: Int) -> [PixelRegion] {
    areas.details.flatMap {
      DetailTiles.tiles(of: $0, width: width, height: height, input: levels[0])
    }
  }

  /// The sizes at which the whole frame is analysed.
  func sizes(of views: Views) -> [InputSize] { views.levels.map { levels[$0] } }

  private func sides(for info: StreamInfo, within time: Double, tile: Double) -> [Int] {
    guard grid.isAuto else { return grid.sides }
    let candidates = Self.candidates(width: info.width, height: info.height, input: levels[0])
    return candidates.first { sides in
      Double(TileLayout.tileCount(sides: sides) - 1) * tile <= time
    } ?? []
  }

  /// Whether frames have to be enlarged for `size` by no more than tiles may be.
  private func isWorthwhile(_ size: InputSize, for info: StreamInfo) -> Bool {
    Self.isWorthwhile(size, width: info.width, height: info.height)
  }

  /// Whether a picture has to be enlarged for `size` by no more than tiles may be.
  package static func isWorthwhile(_ size: InputSize, width: Int, height: Int) -> Bool {
    // The side that is shrunk more decides, as with tiles.
    Double(width) * mostEnlargement >= Double(size.width)
      || Double(height) * mostEnlargement >= Double(size.height)
  }

  /// Grids that are worth their time, the most thorough first.
  package static func candidates(
    width: Int, height: Int, input: InputSize
  ) -> [[Int]] {
    // The side that is shrunk more decides, since that is where small objects vanish.
    let shrink = max(
      Double(width) / Double(max(input.width, 1)), Double(height) / Double(max(input.height, 1)))
    return [[2, 3], [2]].filter { sides in
      let finest = Double(sides.last ?? 1)
      return shrink * mostEnlargement >= 1 + (finest - 1) * (1 - TileLayout.overlap)
    }
  }

  /// Seconds between two frames that are analysed.
  private func interval(_ info: StreamInfo) -> Double {
    let rate = info.averageFrameRate?.value ?? 0
    let frame = 1 / (rate > 0 && rate.isFinite ? rate : Self.assumedFrameRate)
    return switch selection.rate {
    case .all: frame
    case .stride(let step): frame * Double(max(step, 1))
    case .every(let seconds): max(frame, seconds)
    case .keyframes: max(frame, Self.assumedKeyframeInterval)
    }
  }
}
