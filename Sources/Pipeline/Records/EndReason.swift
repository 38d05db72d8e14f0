internal import Media

/// Why a source is incomplete, or why a connection was lost.
public struct EndReason: Hashable, Sendable {
  /// A stable word for programs, such as `read_timeout`.
  public var word: String
  /// One sentence for people, without secrets.
  public var sentence: String
  /// One sentence on what to do about it; empty if nothing can be done.
  public var remedy: String
  /// Whether trying again later may succeed.
  public var isTransient: Bool

  /// Makes a reason from its parts.
  public init(word: String, sentence: String, remedy: String = "", isTransient: Bool) {
    self.word = word
    self.sentence = sentence
    self.remedy = remedy
    self.isTransient = isTransient
  }

  init(_ error: MediaError) {
    self.init(
      word: error.code.rawValue, sentence: error.message, remedy: error.remedy,
      isTransient: error.isTransient)
  }
}
