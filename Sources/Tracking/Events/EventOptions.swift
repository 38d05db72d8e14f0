/// What `EventEngine` looks for.
///
/// Times are in seconds, scores 0...1.
public struct EventOptions: Hashable, Sendable {
  /// The zones that objects enter and leave.
  public var zones: [Zone]
  /// The lines whose crossings are counted.
  public var lines: [CountingLine]
  /// The median of an object's last scores from which it is believed; of ten, and at least three.
  public var confirmScore = 0.5
  /// How long after its last sighting an object has ended; three times as long if it is stationary.
  public var endAfter = 5.0
  /// After how long in its place an object is stationary.
  public var stationaryAfter = 10.0
  /// How far from a border or a line, in mean sides of its box, an object is beyond doubt on one
  /// side of it.
  public var margin = 0.1

  /// Creates options.
  public init(zones: [Zone] = [], lines: [CountingLine] = []) {
    self.zones = zones
    self.lines = lines
  }
}
