extension TileChoice {
  /// The choice for a run, which measures the analyzers' speed if it depends on that.
  init(
    _ options: PipelineOptions, _ analyzers: any FrameAnalyzerFactory, lanes: Int, hasLive: Bool
  ) {
    self.init(
      options.tiles, selection: options.selection, input: analyzers.input,
      tileSeconds: options.tiles.isAuto && hasLive ? Self.measure(analyzers) : 0,
      workersPerLane: Double(max(options.threads, 1)) / Double(max(lanes, 1)))
  }

  /// The time of one tile on a worker that has the machine to itself: the best of a few runs.
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
