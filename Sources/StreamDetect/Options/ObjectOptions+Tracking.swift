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
    var events = EventOptions()
    events.confirmScore = options.confidence
    for zone in zones {
      let classes = try zone.classes.map { names throws(StreamDetectError) in
        try self.labels(of: names, "zones", labels)
      }
      do throws(ZoneError) { events.zones.append(try zone.zone(classes: classes)) } catch {
        throw Self.failure(error)
      }
    }
    for line in lines {
      let classes = try line.classes.map { names throws(StreamDetectError) in
        try self.labels(of: names, "lines", labels)
      }
      do throws(ZoneError) { events.lines.append(try line.line(classes: classes)) } catch {
        throw Self.failure(error)
      }
    }
    do throws(ZoneError) { result.events = try EventEngine(events) } catch {
      throw Self.failure(error)
    }
    result.className = { ClassLabel.name(of: $0, in: labels) }
    return result
  }

  private static func failure(_ error: ZoneError) -> StreamDetectError {
    .options(OptionFailure(error.subject, message: error.message, remedy: error.remedy))
  }
}
