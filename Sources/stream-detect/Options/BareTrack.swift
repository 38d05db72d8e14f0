/// The arguments with a value for each `--track` that has none: alone it means `--track online`.
///
/// The parser knows options with a value and options without one. Whether `--track` has one is told
/// by the argument behind it: only a mode is its value, so a source may follow, and a source called
/// `online` is written `./online`.
func completingBareTrack(_ arguments: [String]) -> [String] {
  let option = "--track"
  let modes = DetectTrackOptions.Mode.allCases.map(\.rawValue)
  let end = arguments.firstIndex(of: "--") ?? arguments.count
  return arguments.enumerated().map { place, argument in
    guard argument == option, place < end else { return argument }
    let next = place + 1 < end ? arguments[place + 1] : ""
    return modes.contains(next) ? argument : "\(option)=\(DetectTrackOptions.Mode.online)"
  }
}
