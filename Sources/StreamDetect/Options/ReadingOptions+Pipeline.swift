internal import Foundation
internal import Media
package import Pipeline
internal import SSDLite
internal import Support

extension ReadingOptions {
  /// The pipeline's options.
  ///
  /// - Throws: `StreamDetectError.options` for a value out of range.
  func pipelineOptions(
    _ detection: DetectionOptions, tiles: TileGrid, sizes: InputSizes, workers: Int
  ) throws(StreamDetectError) -> PipelineOptions {
    try check()
    var input = InputOptions()
    input.openTimeout = openTimeout
    input.readTimeout = readTimeout
    input.maxPixels = maxPixels
    input.rtspTransport = rtspTransport == .tcp ? .tcp : .udp
    input.demuxerOptions = demuxerOptions.sorted { $0.key < $1.key }
      .map { .init(key: $0.key, value: $0.value) }
    input.allowed = allowed
    var options = PipelineOptions(input: input, detection: detection)
    options.selection = selection
    options.tiles = tiles
    options.sizes = sizes
    options.threads = workers
    options.queueCapacity = queue
    options.livePolicy =
      switch livePolicy {
      case .latest: .latest
      case .dropOldest: .dropOldest
      case .wait: .block
      }
    options.reconnect = ReconnectPolicy(
      minimumDelay: reconnection.minimumDelay, maximumDelay: reconnection.maximumDelay,
      maximumAttempts: reconnection.maximumAttempts ?? -1)
    options.stallTimeout = stallTimeout
    return options
  }

  /// The frames that are analysed, in the pipeline's terms.
  private var selection: FrameSelection {
    let rate: FrameSelection.Rate =
      switch sampling {
      case .all: .all
      case .stride(let step): .stride(step)
      case .perSecond(let frames): .every(seconds: 1 / frames)
      case .every(let seconds): .every(seconds: seconds)
      case .keyframes: .keyframes
      }
    return FrameSelection(
      rate: rate, start: start, end: end, duration: duration, limit: limit)
  }

  private func check() throws(StreamDetectError) {
    switch sampling {
    case .stride(let step): try require(step >= 1, "stride", step, "at least 1")
    case .perSecond(let frames):
      try require(frames > 0 && frames.isFinite, "perSecond", frames, "more than 0")
    case .every(let seconds):
      try require(seconds > 0 && seconds.isFinite, "every", seconds, "more than 0")
    case .all, .keyframes: break
    }
    if let start { try require(start >= 0, "start", start, "at least 0") }
    if let end { try require(end > start ?? 0, "end", end, "after the start") }
    if let duration { try require(duration > 0, "duration", duration, "more than 0") }
    try require(maxPixels >= 1, "maxPixels", maxPixels, "at least 1")
    if let limit { try require(limit >= 1, "limit", limit, "at least 1") }
    if let threads {
      try require((1...1024).contains(threads), "threads", threads, "between 1 and 1024")
    }
    try require((1...4096).contains(queue), "queue", queue, "between 1 and 4096")
    for (name, seconds) in [
      ("stallTimeout", stallTimeout), ("openTimeout", openTimeout), ("readTimeout", readTimeout),
    ] {
      try require(seconds > 0 && seconds.isFinite, name, seconds, "more than 0")
    }
    for (name, seconds) in [
      ("minimumDelay", reconnection.minimumDelay), ("maximumDelay", reconnection.maximumDelay),
    ] {
      try require(seconds >= 0 && seconds.isFinite, name, seconds, "at least 0")
    }
    if let attempts = reconnection.maximumAttempts {
      try require(attempts >= 0, "maximumAttempts", attempts, "at least 0")
    }
  }

  /// Frames that are computed at the same time, and the threads that share each.
  package func workers(for sources: [MediaSource]) -> (frames: Int, threadsPerFrame: Int) {
    let threads = threads ?? availableCores()
    let isLive = sources.count == 1 && sources[0].kind == .live
    return prefersLatency ?? isLive ? (1, threads) : (threads, 1)
  }
}
