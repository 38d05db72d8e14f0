/// A part of a source, in seconds of presentation time from its first frame.
package struct SourcePart: Hashable, Sendable {
  /// Where it begins; `nil` for where the run's options say.
  package var start: Double?
  /// Where it ends; `nil` for where the run's options say.
  package var end: Double?

  /// A part between two times.
  package init(start: Double?, end: Double?) {
    self.start = start
    self.end = end
  }
}

extension FrameSelection {
  /// The selection within a part of a source, if that has one of its own.
  func within(_ part: SourcePart?) -> FrameSelection {
    var selection = self
    if let start = part?.start { selection.start = start }
    if let end = part?.end { selection.end = end }
    return selection
  }
}
