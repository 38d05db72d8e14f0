internal import Output
internal import Pipeline
internal import SSDLite

/// The options that affect results, for the first JSON line.
func recordedOptions(
  _ detection: DetectionOptions, _ reading: ReadingOptions, _ tiles: TileGrid
) -> [(name: String, value: RunDescription.OptionValue)] {
  var options: [(name: String, value: RunDescription.OptionValue)] = [
    ("conf", .number(Double(detection.scoreThreshold))),
    ("iou", .number(Double(detection.iouThreshold))),
    ("max_det", .integer(detection.maximumDetections)),
  ]
  switch reading.sampling {
  case .all: options.append(("stride", .integer(1)))
  case .stride(let step): options.append(("stride", .integer(step)))
  case .perSecond(let frames): options.append(("fps", .number(frames)))
  case .every(let seconds): options.append(("every", .number(seconds)))
  case .keyframes: options.append(("keyframes", .flag(true)))
  }
  if tiles.isAuto {
    options.append(("tiles", .text("auto")))
  } else if tiles != .none {
    options.append(("tiles", .integers(tiles.sides)))
  }
  if detection.isClassAgnostic { options.append(("agnostic_nms", .flag(true))) }
  if let classes = detection.classes { options.append(("classes", .integers(classes.sorted()))) }
  for (name, seconds) in [
    ("start", reading.start), ("end", reading.end), ("duration", reading.duration),
  ] {
    if let seconds { options.append((name, .number(seconds))) }
  }
  if let limit = reading.limit { options.append(("limit", .integer(limit))) }
  return options
}
