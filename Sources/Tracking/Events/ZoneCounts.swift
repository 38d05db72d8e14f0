public import Geometry

/// The state of all zones and lines at a time.
public struct ZoneCounts: Hashable, Sendable {
  /// A zone.
  public struct ZoneCount: Hashable, Sendable {
    /// What it is called.
    public let name: String
    /// Its corners, in pixels of the frame.
    public internal(set) var points: [Point]
    /// How many objects are in it.
    public internal(set) var occupancy = 0
  }

  /// A line.
  public struct LineCount: Hashable, Sendable {
    /// What it is called.
    public let name: String
    /// Its points, in pixels of the frame.
    public internal(set) var points: [Point]
    /// How often it was crossed from its left to its right.
    public internal(set) var entries = 0
    /// How often it was crossed from its right to its left.
    public internal(set) var exits = 0

    /// Counts a crossing, and returns how many there are in its direction.
    mutating func add(_ direction: CountingLine.Direction) -> Int {
      switch direction {
      case .in:
        entries += 1
        return entries
      case .out:
        exits += 1
        return exits
      }
    }
  }

  /// The zones, in the order of the options.
  public internal(set) var zones: [ZoneCount]
  /// The lines, in the order of the options.
  public internal(set) var lines: [LineCount]

  init(_ options: EventOptions) {
    zones = options.zones.map { ZoneCount(name: $0.name, points: []) }
    lines = options.lines.map { LineCount(name: $0.name, points: []) }
  }

  mutating func place(_ placed: PlacedZones) {
    for index in zones.indices { zones[index].points = placed.zones[index].edges.points }
    for index in lines.indices { lines[index].points = placed.lines[index].edges.points }
  }
}
