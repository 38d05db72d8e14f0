internal import ArgumentParser
internal import Configuration

/// Zones, lines, and whether their events are written.
struct ZoneOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A zone: its name and its corners in fractions of the picture, or in pixels with 'px' at the "
        + "end; can be repeated.", valueName: "name=x,y x,y x,y …"))
  var zone: [String] = []

  @Option(
    help: ArgumentHelp(
      "A line whose crossings are counted, from its left to its right as 'in'; can be repeated.",
      valueName: "name=x,y x,y …"))
  var line: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Zones, lines, masks and regions of a YAML or JSON file; can be repeated.",
      valueName: "file"))
  var zones: [String] = []

  @Flag(help: "Write events of objects also without zones and lines.")
  var events = false

  @Flag(help: "Write events, and no frames.")
  var eventsOnly = false

  func validate() throws {
    var settings = ZoneSettings()
    do throws(ConfigurationError) {
      try add(to: &settings)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// Whether events are asked for, with these settings.
  func hasEvents(_ settings: ZoneSettings) -> Bool {
    events || eventsOnly || !settings.zones.isEmpty || !settings.lines.isEmpty
  }

  /// Whether the options ask for events, or name a file that may.
  var mayHaveEvents: Bool {
    events || eventsOnly || !zones.isEmpty || !zone.isEmpty || !line.isEmpty
  }

  /// What the files and the options say.
  ///
  /// - Throws: `ConfigurationError`.
  func settings() throws(ConfigurationError) -> ZoneSettings {
    var settings = ZoneSettings()
    for path in zones { settings.add(try ZoneSettings(path: path)) }
    try add(to: &settings)
    return settings
  }

  private func add(to settings: inout ZoneSettings) throws(ConfigurationError) {
    for text in zone { try settings.add(zone: text, option: "--zone") }
    for text in line { try settings.add(line: text, option: "--line") }
  }
}
