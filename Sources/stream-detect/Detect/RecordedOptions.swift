internal import Annotations
internal import Pipeline
internal import SSDLite
internal import Support

/// The options that decide about results, for the first JSON line.
func recordedOptions(
  _ detection: DetectionOptions, _ selection: SelectionOptions, _ tiles: TileGrid
) -> RunRecord.Options {
  var options = RunRecord.Options(
    scoreThreshold: Double(detection.scoreThreshold), iouThreshold: Double(detection.iouThreshold),
    maximumDetections: detection.maximumDetections)
  switch selection.frameSelection.rate {
  case .all: options.stride = 1
  case .stride(let step): options.stride = step
  case .every(let seconds):
    options.fps = selection.fps
    if selection.fps == nil { options.every = seconds }
  case .keyframes: options.usesKeyframesOnly = true
  }
  if tiles.isAuto {
    options.tiles = .automatic
  } else if tiles != .none {
    options.tiles = .grids(tiles.sides)
  }
  options.isClassAgnostic = detection.isClassAgnostic
  options.classes = detection.classes?.sorted()
  options.start = selection.start?.seconds
  options.end = selection.end?.seconds
  options.duration = selection.duration?.seconds
  options.limit = selection.limit
  return options
}
