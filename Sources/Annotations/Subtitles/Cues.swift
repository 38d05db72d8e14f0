/// A text and the time in which it is shown.
struct Cue {
  /// Seconds from the first frame.
  var start: Double
  /// Seconds from the first frame.
  var end: Double
  /// What is shown; of frames without objects nothing is.
  var text: String
}

/// Joins frames that show the same into cues.
struct Cues {
  private var open: Cue?
  private var last = 0.0
  private var step = 0.04

  /// Takes in a frame's text, empty for none; returns the cue that ends with it.
  mutating func add(_ text: String, at seconds: Double) -> Cue? {
    if let open, seconds > last { step = min(seconds - last, open.text.isEmpty ? step : 10) }
    last = seconds
    if let open, open.text == text { return nil }
    defer { open = Cue(start: seconds, end: seconds, text: text) }
    return closed(at: seconds)
  }

  /// The last cue, which is shown for as long as the frames before were.
  mutating func finish() -> Cue? {
    defer { open = nil }
    return closed(at: last + step)
  }

  private func closed(at seconds: Double) -> Cue? {
    guard var cue = open, !cue.text.isEmpty, seconds > cue.start else { return nil }
    cue.end = seconds
    return cue
  }
}
