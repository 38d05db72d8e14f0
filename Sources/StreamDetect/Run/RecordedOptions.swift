internal import Annotations
internal import Pipeline
internal import SSDLite

/// The options that affect results, for the first JSON line.
func recordedOptions(
  _ pipeline: PipelineOptions, _ reading: ReadingOptions
) -> RunRecord.Options {
  let (detection, tiles) = (pipeline.detection, pipeline.tiles)
  var options = RunRecord.Options(
    scoreThreshold: Double(detection.scoreThreshold), iouThreshold: Double(detection.iouThreshold),
    maximumDetections: detection.maximumDetections)
  switch reading.sampling {
  case .all: options.stride = 1
  case .stride(let step): options.stride = step
  case .perSecond(let frames): options.fps = frames
  case .every(let seconds): options.every = seconds
  case .keyframes: options.usesKeyframesOnly = true
  }
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
  options.isClassAgnostic = detection.isClassAgnostic
  options.classes = detection.classes?.sorted()
  options.start = reading.start
  options.end = reading.end
  options.duration = reading.duration
  options.limit = reading.limit
  return options
}
