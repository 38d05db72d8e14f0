internal import Media

/// Chooses the grids of tiles in which the frames of a source are analysed.
///
/// `auto` depends on how much the network shrinks a frame: tiles that would have to be enlarged a
/// lot are hardly worth their time. For files the choice depends on the frame size alone, so that a
/// run can be repeated. A live source gets as many as the workers can analyse between two frames.
package struct TileChoice: Sendable {
  private let grid: TileGrid
  private let input: (width: Int, height: Int)
  private let selection: FrameSelection
  /// Seconds that one worker takes for one tile; used for live sources.
  private let tileSeconds: Double
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
    _ grid: TileGrid, selection: FrameSelection, input: (width: Int, height: Int),
    tileSeconds: Double, workersPerLane: Double
  ) {
    self.grid = grid
    self.selection = selection
    self.input = input
    self.tileSeconds = tileSeconds
    self.workersPerLane = workersPerLane
  }

  /// The tiles in a row of each grid for a source.
  func sides(for info: StreamInfo, isLive: Bool) -> [Int] {
    guard grid.isAuto else { return grid.sides }
    let candidates = Self.candidates(width: info.width, height: info.height, input: input)
    guard isLive else { return candidates.first ?? [] }
    let time = interval(info) * workersPerLane * Self.usableTime
    return candidates.first {
      Double(TileLayout.tileCount(sides: $0)) * tileSeconds <= time
    } ?? []
  }

  /// Grids that are worth their time, the most thorough first.
  package static func candidates(
    width: Int, height: Int, input: (width: Int, height: Int)
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
