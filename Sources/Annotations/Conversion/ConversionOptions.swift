/// What of the results is converted, and how.
public struct ConversionOptions: Sendable {
  /// Objects with less confidence are left out.
  public var leastConfidence = 0.0
  /// Frames whose number isn't a multiple of this are left out.
  public var step = 1
  /// Whether YOLO's lines end with the score.
  public var writesScores = false
  /// What comes before the names of sources in Label Studio's tasks.
  public var prefix = ""
  /// The program's version, which some formats have.
  public var version = ""

  /// Creates options that convert everything.
  public init() {}
}
