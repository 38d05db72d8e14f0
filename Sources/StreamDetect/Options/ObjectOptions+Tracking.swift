internal import Annotations
internal import Pipeline
internal import Tracking

extension ObjectOptions {
  /// Whether events are looked for.
  var findsEvents: Bool { reportsEvents || !zones.isEmpty || !lines.isEmpty }

  /// How objects are tracked, with a model's names of classes, if they are.
  ///
  /// - Throws: `StreamDetectError.options` for a value out of range, and for a zone or a line that
  ///   can't be used.
  func objectTracking(labels: [String]) throws(StreamDetectError) -> ObjectTracking? {
    guard tracking != nil || findsEvents else { return nil }
    let options = tracking ?? TrackingOptions()
    var result = try options.objectTracking()
    guard findsEvents else { return result }
    result.events = try EventEngine(zones: zones, lines: lines, confidence: options.confidence) {
      (classes, option) throws(StreamDetectError) in
      try self.labels(of: classes, option, labels)
    }
    result.className = { ClassLabel.name(of: $0, in: labels) }
    return result
  }
}
