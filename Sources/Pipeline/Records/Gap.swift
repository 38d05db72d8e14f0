public import Foundation

/// A live source was lost, could not be opened again, or was restored.
public struct Gap: Sendable {
  /// What has just happened.
  public enum State: String, Sendable {
    /// The connection ended, or an attempt to restore it failed.
    case lost
    /// The connection was restored.
    case restored
  }

  /// The user's stable name for the source.
  public var source: String
  /// What has just happened.
  public var state: State
  /// Why it was lost; `nil` when restored.
  public var reason: EndReason?
  /// The index of the next frame.
  public var frame: Int
  /// When it happened.
  public var wall: Date
  /// Which attempt comes next, or which one succeeded, from 1.
  public var attempt: Int
  /// Seconds until the next attempt; `nil` when restored or given up.
  public var retryIn: Double?

  /// Makes a record from its parts.
  public init(
    source: String, state: State, reason: EndReason?, frame: Int, wall: Date, attempt: Int,
    retryIn: Double?
  ) {
    self.source = source
    self.state = state
    self.reason = reason
    self.frame = frame
    self.wall = wall
    self.attempt = attempt
    self.retryIn = retryIn
  }
}
