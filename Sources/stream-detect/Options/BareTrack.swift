internal import Output
internal import Support

/// The arguments with a value for each `--track` that has none: alone it means `--track online`.
///
/// The parser knows options with a value and options without one. Whether `--track` has one is told
/// by the argument behind it: only a mode is its value, so a source may follow, and a source called
/// `online` is written `./online`. A misspelt mode stays its value, and is refused, unless there is
/// a file of that name. The modes depend on the command; `online` is always one.
func completingBareTrack(_ arguments: [String], modes: [String]) -> [String] {
  let option = "--track"
  let end = arguments.firstIndex(of: "--") ?? arguments.count
  func isValue(_ text: String) -> Bool {
    if modes.contains(text) { return true }
    let isWord = !text.isEmpty && text.utf8.allSatisfy { (97...122).contains($0 | 0x20) }
    return isWord && !nearestNames(to: text, among: modes).isEmpty
      && FileIdentity(path: text) == nil
  }
  return arguments.enumerated().map { place, argument in
    guard argument == option, place < end else { return argument }
    let next = place + 1 < end ? arguments[place + 1] : ""
    return isValue(next) ? argument : "\(option)=\(DetectTrackOptions.Mode.online)"
  }
}
