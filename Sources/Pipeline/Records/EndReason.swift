internal import Media

/// Why a source is incomplete, or why a connection was lost.
public struct EndReason: Hashable, Sendable {
  /// A stable code for programs, such as `read_timeout`.
  public var code: String
  /// One sentence for people, without secrets.
  public var message: String
  /// One sentence on what to do about it; empty if nothing can be done.
  public var remedy: String
  /// Whether trying again later may succeed.
  public var isTransient: Bool

  /// Makes a reason from its parts.
  public init(code: String, message: String, remedy: String = "", isTransient: Bool) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.isTransient = isTransient
  }

  init(_ error: MediaError) {
    self.init(
      code: error.code.rawValue, message: error.message, remedy: error.remedy,
      isTransient: error.isTransient)
  }
}
