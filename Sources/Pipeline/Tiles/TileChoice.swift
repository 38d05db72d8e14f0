internal import Media

/// Which grids of tiles the frames of a source are looked at in.
///
/// `auto` goes by how much the network shrinks a frame: tiles that would have to be enlarged a lot are
/// hardly worth their time. Files get all that fits, which depends on the frame size alone, so that a
/// run can be repeated. A live source gets the most that the workers can look at between two frames.
package struct TileChoice: Sendable {
  private let grid: TileGrid
  private let input: (width: Int, height: Int)
  private let selection: FrameSelection
  /// Seconds that one worker takes for one view, where that matters.
  private let viewSeconds: Double
  /// Workers for each lane.
  private let workersPerLane: Double

  /// How much the tiles of a grid may be enlarged.
  ///
  /// Photographs of 400 pixels, enlarged by 1.3 in a grid of two, gained three points of AP with it,
  /// those of 300 pixels two (docs/tiles.md).
  static let mostEnlargement = 1.4
  /// The share of the workers' time that views may take: scaling, decoding and other programs take
  /// theirs.
  static let usableTime = 0.7
  /// Frames a second of a live source that does not tell.
  static let assumedFrameRate = 30.0
  /// Seconds between two keyframes of a live source.
  static let assumedKeyframeInterval = 1.0

  /// Measures the analyzers' speed where the choice hangs on it.
  init(
    _ options: PipelineOptions, _ analyzers: any FrameAnalyzerFactory, lanes: Int, hasLive: Bool
  ) {
    self.init(
      options, input: analyzers.input,
      viewSeconds: options.tiles.isAuto && hasLive ? Self.measure(analyzers) : 0, lanes: lanes)
  }

  init(
    _ options: PipelineOptions, input: (width: Int, height: Int), viewSeconds: Double, lanes: Int
  ) {
    grid = options.tiles
    self.input = input
    self.viewSeconds = viewSeconds
    selection = options.selection
    workersPerLane = Double(max(options.threads, 1)) / Double(max(lanes, 1))
  }

  /// The tiles in a row of each grid for a source.
  func sides(for info: StreamInfo, isLive: Bool) -> [Int] {
    guard grid.isAuto else { return grid.sides }
    let candidates = Self.candidates(width: info.width, height: info.height, input: input)
    guard isLive else { return candidates.first ?? [] }
    let time = interval(info) * workersPerLane * Self.usableTime
    return candidates.first {
      Double(TileLayout.viewCount(sides: $0)) * viewSeconds <= time
    } ?? []
  }

  /// Grids worth looking at, the most thorough first.
  package static func candidates(
    width: Int, height: Int, input: (width: Int, height: Int)
  ) -> [[Int]] {
    // By the side that is shrunk more, since that is where small things vanish.
    let shrink = max(
      Double(width) / Double(max(input.width, 1)), Double(height) / Double(max(input.height, 1)))
    return [[2, 3], [2]].filter { sides in
      let finest = Double(sides.last ?? 1)
      return shrink * mostEnlargement >= 1 + (finest - 1) * (1 - TileLayout.overlap)
    }
  }

  /// Seconds between two frames that are looked at.
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

  /// The time of a view on a worker that has the machine to itself: the best of a few.
  private static func measure(_ analyzers: any FrameAnalyzerFactory) -> Double {
    let analyzer = analyzers.makeAnalyzer()
    var timings = StageTimings()
    return (0..<3).map { _ in
      let began = ContinuousClock.now
      _ = analyzer.detect(timings: &timings)
      return began.duration(to: .now).seconds
    }.min() ?? 0
  }
}
