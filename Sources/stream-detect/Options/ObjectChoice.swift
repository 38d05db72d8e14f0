internal import Configuration
internal import StreamDetect

/// The options that decide which objects are reported, whether they are tracked, and what is told
/// about them.
struct ObjectChoice {
  var scores: ScoreOptions
  var views: ViewOptions
  var areas: AreaOptions
  var tracking: DetectTrackOptions
  var tracks: TrackOptions
  var zones: ZoneOptions
  var hasSnapshots: Bool

  /// The options in the library's terms.
  ///
  /// - Throws: `ConfigurationError`, `ProgramError`.
  func objectOptions() throws -> ObjectOptions {
    var options = scores.objectOptions(views)
    let settings = try zones.settings()
    let hasEvents = zones.hasEvents(settings)
    if tracking.track == .off, hasEvents {
      throw ProgramError(
        .usage, "--track off", "Zones, lines and events are about tracked objects.",
        remedy: "Leave it out.")
    }
    let isNeeded = hasEvents || hasSnapshots
    switch tracking.track ?? (isNeeded ? .online : .off) {
    case .off: break
    case .online: options.tracking = tracks.trackingOptions
    case .offline:
      options.tracking = tracks.trackingOptions
      options.tracking?.mode = .offline
    }
    options.masks = settings.masks.map { PictureArea($0) } + areas.mask.compactMap(\.area)
    options.regions = settings.regions.map { PictureArea($0) } + areas.roi.compactMap(\.area)
    options.zones = settings.zones.map { Zone($0) }
    options.lines = settings.lines.map { CountingLine($0) }
    options.reportsEvents = hasEvents
    return options
  }
}
