internal import Pipeline
internal import Support

/// How progress is reported on standard error.
public enum ProgressStyle: String, CaseIterable, Sendable {
  /// One line on a terminal that is redrawn.
  case bar
  /// A line every ten seconds.
  case plain
  /// A JSON object every ten seconds.
  case json
}

extension PipelineProgress {
  /// Share of the run that is done, 0 to 1, if known.
  ///
  /// All sources count the same, because the lengths of later ones are not known yet.
  var overallFraction: Double? {
    guard sourcesTotal > 0 else { return nil }
    guard sourcesTotal > 1 else { return fraction }
    return min((Double(sourcesDone) + (fraction ?? 0)) / Double(sourcesTotal), 1)
  }

  /// `clip.mp4  [#####-----]  50 %  1200 frames  93.4/s  0:12 left`.
  func bar(_ countsObjects: Bool = true) -> String {
    var parts: [String] = []
    if sourcesTotal > 1 {
      parts.append("\(min(sourcesDone + 1, sourcesTotal))/\(sourcesTotal)")
    }
    if let source { parts.append(shortened(UnsafeText.escaped(source))) }
    if let share = overallFraction {
      let filled = Int(share * 20)
      let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 20 - filled)
      parts.append("[\(bar)]  \(Int(share * 100)) %")
    }
    parts.append("\(frames) frames  \(oneDecimal(framesPerSecond))/s")
    if countsObjects { parts.append("\(objects) objects") }
    if let lag { parts.append("lag \(oneDecimal(lag)) s") }
    if let share = overallFraction, share > 0.01, share < 1 {
      parts.append("\(clock(elapsed / share - elapsed)) left")
    }
    return parts.joined(separator: "  ")
  }

  /// `clip.mp4: 1200 frames, 93.4 frames/s, 412 objects, 50 %`.
  func plain(_ countsObjects: Bool = true) -> String {
    var text = source.map { "\(UnsafeText.escaped($0)): " } ?? ""
    text += "\(frames) frames, \(oneDecimal(framesPerSecond)) frames/s"
    if countsObjects { text += ", \(objects) objects" }
    if let lag { text += ", lag \(oneDecimal(lag)) s" }
    if let share = overallFraction { text += ", \(Int(share * 100)) %" }
    if sourcesTotal > 1 { text += ", \(sourcesDone) of \(sourcesTotal) sources done" }
    return text
  }

  /// `done: 795 frames in 8.5 s (93.4 frames/s), 412 objects`.
  func last(_ countsObjects: Bool = true) -> String {
    let rate = elapsed > 0 ? Double(frames) / elapsed : 0
    return "done: \(frames) frames in \(oneDecimal(elapsed)) s (\(oneDecimal(rate)) frames/s)"
      + (countsObjects ? ", \(objects) objects" : "")
  }

  /// `{"type":"progress",…}`.
  func json(isDone: Bool, _ countsObjects: Bool = true) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.field("type", "progress")
    json.field("source", source)
    json.field("sources", sourcesTotal)
    json.field("ended", sourcesDone)
    json.field("frames", frames)
    if countsObjects { json.field("objects", objects) }
    json.field("fps", framesPerSecond, decimals: 2)
    json.field("lag", lag, decimals: 3)
    json.field("fraction", isDone ? 1 : overallFraction, decimals: 4)
    json.field("elapsed", elapsed, decimals: 3)
    json.field("done", isDone)
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

/// The end of a long name: a bar's line is short, and files differ at their ends.
private func shortened(_ name: String) -> String {
  name.count > 40 ? "…" + name.suffix(39) : name
}

/// `value` with one digit after the point.
func oneDecimal(_ value: Double) -> String {
  var json = JSONWriter()
  json.number(value, decimals: 1)
  return String(decoding: json.bytes, as: UTF8.self)
}

/// `1:02:03` or `2:03`.
private func clock(_ seconds: Double) -> String {
  let whole = Int(min(max(seconds, 0), 359_999).rounded())
  let (hours, minutes) = (whole / 3600, whole / 60 % 60)
  let tail = padded(whole % 60, 2)
  return hours > 0 ? "\(hours):\(padded(minutes, 2)):\(tail)" : "\(minutes):\(tail)"
}
