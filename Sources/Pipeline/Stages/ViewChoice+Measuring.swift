extension ViewChoice {
  /// The choice for a run, which measures the analyzers' speed if it depends on that.
  init(
    _ options: PipelineOptions, _ analyzers: any FrameAnalyzerFactory, lanes: Int, hasLive: Bool
  ) {
    let isMeasured = (options.tiles.isAuto || options.sizes.isAuto) && hasLive
    self.init(
      options.tiles, levels: analyzers.sizes, choosesLevels: options.sizes.isAuto,
      selection: options.selection,
      seconds: isMeasured ? analyzers.makeAnalyzers().map { Self.measure($0) } : [],
      workersPerLane: Double(max(options.threads, 1)) / Double(max(lanes, 1)))
  }

  /// The time of one view on a worker that has the machine to itself: the best of a few runs.
  private static func measure(_ analyzer: any FrameAnalyzer) -> Double {
    var timings = StageTimings()
    return (0..<3).map { _ in
      let began = ContinuousClock.now
      _ = analyzer.detect(timings: &timings)
      return began.duration(to: .now).seconds
    }.min() ?? 0
  }
}
