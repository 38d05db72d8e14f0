internal import Support
public import Tracking

/// The zones and lines of a run, and what it hides and looks at closely, from files and texts.
///
///     zones:
///       door:
///         points: 0.1,0.5 0.9,0.5 0.9,1
///         classes: [person]
///     lines:
///       in: {points: 128,180 512,180 px}
///     masks: ["0,0 1,0 1,0.2 0,0.2"]
///     regions: ["0.4,0.3,0.25,0.25"]
public struct ZoneSettings: Hashable, Sendable {
  /// The zones, in order.
  public var zones: [Zone]
  /// The lines, in order.
  public var lines: [CountingLine]
  /// The parts of the picture that are hidden from the network.
  public var masks: [AreaText] = []
  /// The parts of the picture that are analysed at full detail.
  public var regions: [AreaText] = []

  /// Creates settings from their parts.
  public init(zones: [Zone] = [], lines: [CountingLine] = []) {
    self.zones = zones
    self.lines = lines
  }

  /// Whether there is nothing in them.
  public var isEmpty: Bool {
    zones.isEmpty && lines.isEmpty && masks.isEmpty && regions.isEmpty
  }

  /// Reads a YAML or JSON file.
  ///
  /// - Throws: `ConfigurationError` that names line and column.
  public init(path: String) throws(ConfigurationError) {
    try self.init(SettingsFile.read(path))
  }

  /// Reads a file with these bytes; errors name it `path`.
  ///
  /// - Throws: `ConfigurationError` that names line and column.
  public init(_ bytes: [UInt8], path: String) throws(ConfigurationError) {
    try self.init(SettingsFile.parse(bytes, path: path))
  }

  private init(_ root: Setting) throws(ConfigurationError) {
    self.init()
    let members = try root.members(known: ["zones", "lines", "masks", "regions"])
    for (name, value) in try members["zones"]?.members() ?? [] {
      zones.append(try value.zone(name))
    }
    for (name, value) in try members["lines"]?.members() ?? [] {
      lines.append(try value.line(name))
    }
    for value in try members["masks"]?.list() ?? [] {
      masks.append(try value.area(isRectangleAllowed: false))
    }
    for value in try members["regions"]?.list() ?? [] {
      regions.append(try value.area(isRectangleAllowed: true))
    }
  }
}

extension ZoneSettings {
  /// Adds what another file says.
  public mutating func add(_ other: ZoneSettings) {
    zones += other.zones
    lines += other.lines
    masks += other.masks
    regions += other.regions
  }

  /// Adds a zone that is written as `door=0.1,0.5 0.9,0.5 0.9,1`; errors name it `option`.
  ///
  /// - Throws: `ConfigurationError`.
  public mutating func add(zone text: String, option: String) throws(ConfigurationError) {
    zones.append(
      try Self.made(text, option) { (name, points) throws(ZoneError) in
        try Zone(name: name, points: points.points, unit: points.unit)
      })
  }

  /// Adds a line that is written as `in=0.2,0.5 0.8,0.5`; errors name it `option`.
  ///
  /// - Throws: `ConfigurationError`.
  public mutating func add(line text: String, option: String) throws(ConfigurationError) {
    lines.append(
      try Self.made(text, option) { (name, points) throws(ZoneError) in
        try CountingLine(name: name, points: points.points, unit: points.unit)
      })
  }

  /// What `make` makes of a name and points; its errors name the option.
  private static func made<Value>(
    _ text: String, _ option: String, make: (String, PointsText) throws(ZoneError) -> Value
  ) throws(ConfigurationError) -> Value {
    let (name, points) = try named(text, option)
    do throws(ZoneError) {
      return try make(name, points)
    } catch {
      throw ConfigurationError(
        "\(option) '\(UnsafeText.escaped(text))'", error.message, remedy: error.remedy)
    }
  }

  private static func named(
    _ text: String, _ option: String
  ) throws(ConfigurationError) -> (name: String, points: PointsText) {
    let remedy = "Write NAME=X,Y X,Y …, with 'px' at the end for pixels."
    let place = "\(option) '\(UnsafeText.escaped(text))'"
    guard let sign = text.firstIndex(of: "=") else {
      throw ConfigurationError(place, "It has no name.", remedy: remedy)
    }
    do throws(PointsText.Fault) {
      return (String(text[..<sign]), try PointsText(String(text[text.index(after: sign)...])))
    } catch {
      throw ConfigurationError(place, error.message, remedy: remedy)
    }
  }
}
