internal import Support
internal import ArgumentParser
internal import Media
internal import Pipeline
internal import StreamDetect

/// Which frames are processed.
struct SelectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Process every n-th frame.", valueName: "n"))
  var stride: Int?

  @Option(
    help: ArgumentHelp(
      "Process this many frames per second of presentation time.", valueName: "rate"))
  var fps: Double?

  @Option(
    help: ArgumentHelp(
      "Process one frame in each interval of this length, such as 2s or 500ms.", valueName: "time"))
  var every: TimeSpan?

  @Flag(help: "Process only keyframes.")
  var keyframes = false

  @Option(
    help: ArgumentHelp("Start at this time, such as 90, 1:30 or 00:01:30.5.", valueName: "time"))
  var start: TimeSpan?

  @Option(help: ArgumentHelp("End before this time.", valueName: "time"))
  var end: TimeSpan?

  @Option(help: ArgumentHelp("End this long after the start.", valueName: "time"))
  var duration: TimeSpan?

  @Option(help: ArgumentHelp("End after processing this many frames.", valueName: "n"))
  var limit: Int?

  func validate() throws {
    let rules = [
      stride != nil ? "--stride" : nil, fps != nil ? "--fps" : nil,
      every != nil ? "--every" : nil, keyframes ? "--keyframes" : nil,
    ].compactMap { $0 }
    if rules.count > 1 {
      throw ValidationError(
        "\(rules.joined(separator: " and ")) cannot be combined; give one of them.")
    }
    if let stride, stride < 1 {
      throw ValidationError("--stride is \(stride); it must be at least 1.")
    }
    if let fps, !(fps > 0 && fps.isFinite) {
      throw ValidationError("--fps is \(shortest(fps)); it must be above 0.")
    }
    if let every, every.seconds <= 0 {
      throw ValidationError("--every is 0; it must be above 0.")
    }
    if let limit, limit < 1 {
      throw ValidationError("--limit is \(limit); it must be at least 1.")
    }
    try validateRange()
  }

  private func validateRange() throws {
    if end != nil && duration != nil {
      throw ValidationError("--end and --duration cannot be combined; give one of them.")
    }
    if let end, end.seconds <= start?.seconds ?? 0 {
      throw ValidationError("--end is not after the start; no frame would be processed.")
    }
    if let duration, duration.seconds <= 0 {
      throw ValidationError("--duration is 0; no frame would be processed.")
    }
  }
}

extension SelectionOptions {
  /// How many of the frames are analysed.
  private var sampling: FrameSampling {
    if let stride { return .stride(stride) }
    if let fps { return .perSecond(fps) }
    if let every { return .every(seconds: every.seconds) }
    return keyframes ? .keyframes : .all
  }

  /// Which frames are analysed, and how their sources are read.
  func readingOptions(_ source: SourceOptions, _ engine: EngineOptions) -> ReadingOptions {
    var options = readingOptions(source.open, queue: source.queue, engine)
    options.livePolicy =
      switch source.livePolicy {
      case .block: .wait
      case .latest: .latest
      case .dropOldest: .dropOldest
      }
    options.reconnection = Reconnection(
      minimumDelay: source.reconnectDelay.first, maximumDelay: source.reconnectDelay.longest,
      maximumAttempts: source.reconnectMax < 0 ? nil : source.reconnectMax)
    options.stallTimeout = source.stallTimeout.seconds
    return options
  }

  /// The same for sources that are read as files.
  func readingOptions(
    _ open: OpenOptions, queue: Int, _ engine: EngineOptions
  ) -> ReadingOptions {
    var options = ReadingOptions(
      sampling: sampling, start: start?.seconds, end: end?.seconds, duration: duration?.seconds,
      limit: limit, threads: engine.threads, prefersLatency: engine.latency)
    options.queue = queue
    options.openTimeout = open.openTimeout.seconds
    options.readTimeout = open.readTimeout.seconds
    options.maxPixels = open.maxPixels
    options.rtspTransport = open.rtspTransport == .tcp ? .tcp : .udp
    options.demuxerOptions = Dictionary(open.inputOpt.map { ($0.key, $0.value) }) { _, last in last
    }
    options.allowed = open.allow
    return options
  }
}
