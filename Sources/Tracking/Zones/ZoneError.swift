/// A zone or a line that can't be used.
public struct ZoneError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A stable word for what is wrong.
  public enum Code: String, CaseIterable, Hashable, Sendable {
    /// It has no name, one that is too long, or one that another has.
    case name
    /// A zone has fewer than three points, a line fewer than two.
    case tooFewPoints = "too_few_points"
    /// It has more points than are supported, or there are more of them.
    case tooMany = "too_many"
    /// A coordinate is NaN or infinite.
    case notFinite = "not_finite"
    /// A point lies outside of the picture.
    case outside
    /// Two points in succession are the same.
    case repeatedPoint = "repeated_point"
    /// Its border crosses or touches itself.
    case selfCrossing = "self_crossing"
    /// It has no area.
    case noArea = "no_area"
    /// A time is negative, or isn't a number.
    case time
    /// Fractions of a frame can't be placed, because its size isn't known.
    case noFrameSize = "no_frame_size"
  }

  /// What is wrong.
  public let code: Code
  /// Which zone or line, such as `zone 'door'`.
  public let subject: String
  /// One sentence on what is wrong.
  public let message: String
  /// One sentence on what to do about it.
  public let remedy: String

  /// Creates an error from its parts.
  public init(_ code: Code, _ subject: String, _ message: String, remedy: String) {
    self.code = code
    self.subject = subject
    self.message = message
    self.remedy = remedy
  }

  /// All of it in one line.
  public var description: String { "\(subject): \(message) \(remedy)" }
}
