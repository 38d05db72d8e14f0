/// What is drawn for each object.
public struct Overlay: OptionSet, Hashable, Sendable {
  /// The parts as bits.
  public let rawValue: Int

  /// Creates a set from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Its border.
  public static let box = Overlay(rawValue: 1)
  /// The name of its class.
  public static let label = Overlay(rawValue: 2)
  /// Its confidence.
  public static let confidence = Overlay(rawValue: 4)
  /// The number of its track, and where it was in the last seconds.
  public static let track = Overlay(rawValue: 8)
  /// Zones and lines, with their counts.
  public static let zones = Overlay(rawValue: 16)
  /// What is hidden from the network, shaded, and the border of what is analysed at full detail.
  public static let areas = Overlay(rawValue: 32)
  /// Everything but the areas.
  public static let all: Overlay = [.box, .label, .confidence, .track, .zones]

  /// Whether a font is needed.
  public var hasText: Bool { !isDisjoint(with: [.label, .confidence, .track, .zones]) }
}
