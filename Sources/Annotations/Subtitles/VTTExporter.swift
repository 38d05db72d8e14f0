internal import Support

/// Writes WebVTT subtitles for each source: what is in the picture, as in `2 person, car`.
struct VTTExporter: FrameExporter {
  private let outputs: SourceOutputs
  private var open: [String: (file: ExportFile, cues: Cues)] = [:]

  init(_ outputs: SourceOutputs) { self.outputs = outputs }

  mutating func add(_ frame: ExportedFrame) throws {
    var state = try open[frame.source.name] ?? begin(frame.source)
    if let cue = state.cues.add(Self.counts(frame.record), at: frame.seconds) {
      try Self.write(cue, to: state.file)
    }
    open[frame.source.name] = state
  }

  private func begin(_ source: ExportedSource) throws -> (file: ExportFile, cues: Cues) {
    let file = try outputs.file(of: source)
    try file.write("WEBVTT\n\n".utf8)
    return (file, Cues())
  }

  private static func write(_ cue: Cue, to file: ExportFile) throws(FileError) {
    var text = ExportText()
    text.add(time: cue.start, digits: 3)
    text.add(" --> ")
    text.add(time: cue.end, digits: 3)
    text.add("\n")
    text.add(xml: cue.text)
    text.add("\n\n")
    try file.write(&text)
  }

  /// The classes in a frame with their numbers, by falling number.
  private static func counts(_ frame: FrameRecord) -> String {
    var counts: [(label: String, count: Int)] = []
    for object in frame.objects {
      if let place = counts.firstIndex(where: { $0.label == object.label }) {
        counts[place].count += 1
      } else {
        counts.append((object.label, 1))
      }
    }
    return counts.sorted { ($1.count, $0.label) < ($0.count, $1.label) }
      .map { $0.count == 1 ? $0.label : "\($0.count) \($0.label)" }.joined(separator: ", ")
  }

  mutating func end(_ source: ExportedSource, _ classes: ClassTable) throws {
    var state = try open.removeValue(forKey: source.name) ?? begin(source)
    if let cue = state.cues.finish() { try Self.write(cue, to: state.file) }
    try state.file.finish()
  }

  func finish(_ classes: ClassTable) throws { try outputs.finish() }

  func discard() { outputs.discard() }
}

extension ExportText {
  /// Adds a time as `H:MM:SS` with so many digits of a second; WebVTT wants two of the hour.
  mutating func add(time seconds: Double, digits: Int) {
    let scale = digits == 3 ? 1000 : 100
    let units = Int((min(max(seconds, 0), 1e9) * Double(scale)).rounded())
    let whole = units / scale
    add(padded(whole / 3600, digits == 3 ? 2 : 1))
    add(":" + padded(whole / 60 % 60, 2) + ":" + padded(whole % 60, 2) + ".")
    add(padded(units % scale, digits))
  }
}
