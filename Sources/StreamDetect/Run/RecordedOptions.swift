internal import Annotations
internal import Output
internal import Pipeline
internal import SSDLite
internal import Tracking

/// The options that affect results, for the first JSON line.
func recordedOptions(
  _ pipeline: PipelineOptions, _ reading: ReadingOptions
) -> RunRecord.Options {
  let (detection, tiles) = (pipeline.detection, pipeline.tiles)
  var options = RunRecord.Options(
    scoreThreshold: Double(detection.scoreThreshold), iouThreshold: Double(detection.iouThreshold),
    maximumDetections: detection.maximumDetections)
  options.state(reading)
  if tiles.isAuto {
    options.tiles = .automatic
  } else if tiles != .none {
    options.tiles = .grids(tiles.sides)
  }
  if pipeline.sizes.isAuto {
    options.sizes = .automatic
  } else if pipeline.sizes != .own {
    options.sizes = .sizes(pipeline.sizes.sizes.map(\.description))
  }
  options.masks = pipeline.areas.masks.map(\.text)
  options.regions = pipeline.areas.details.map(\.text)
  options.tracking = pipeline.tracking.map { tracking in
    RunRecord.Options.Tracking(
      isOffline: tracking.isOffline, timeToLive: tracking.options.ttl,
      minimumDuration: tracking.options.minimumDuration, predictionTime: tracking.options.coast,
      confidence: tracking.options.confirmScore, smoothsBoxes: tracking.smoothsBoxes)
  }
  let events = pipeline.tracking?.events?.options
  options.zones = events?.zones.map { RunRecord.Options.Place($0) } ?? []
  options.lines = events?.lines.map { RunRecord.Options.Place($0) } ?? []
  options.isClassAgnostic = detection.isClassAgnostic
  options.classes = detection.classes?.sorted()
  return options
}

extension RunRecord.Options {
  /// States which frames are analysed.
  mutating func state(_ reading: ReadingOptions) {
    switch reading.sampling {
    case .all: stride = 1
    case .stride(let step): stride = step
    case .perSecond(let frames): fps = frames
    case .every(let seconds): every = seconds
    case .keyframes: usesKeyframesOnly = true
    }
    start = reading.start
    end = reading.end
    duration = reading.duration
    limit = reading.limit
  }
}
