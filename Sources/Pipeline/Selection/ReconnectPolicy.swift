/// How often and how soon a lost live source is opened again.
public struct ReconnectPolicy: Hashable, Sendable {
  /// Seconds before the first attempt.
  public var minimumDelay: Double
  /// Seconds that the doubling ends at.
  public var maximumDelay: Double
  /// Attempts in a row before the source is given up; negative for no end.
  ///
  /// They also count for the first opening, but only where they are limited: by default a source
  /// that has never been there fails at once, so that a misspelt address doesn't wait for ever.
  public var maximumAttempts: Int

  /// Doubles from one second to thirty, without end.
  public init(
    minimumDelay: Double = 1, maximumDelay: Double = 30, maximumAttempts: Int = -1
  ) {
    self.minimumDelay = minimumDelay
    self.maximumDelay = maximumDelay
    self.maximumAttempts = maximumAttempts
  }
}

/// The delays of one source's attempts, by its policy.
///
/// The delay doubles with each failure, instant refusals included, and is spread over a fifth of
/// itself so that many cameras behind one switch don't come back in step. A connection resets it only
/// by lasting longer than the delay before it: a server that accepts and hangs up gets no tight loop.
package struct ReconnectSchedule: Sendable {
  /// Keeps a policy of no delay from being a tight loop.
  private static let shortestDelay = 0.01

  private let policy: ReconnectPolicy
  private var doublings = 0
  private var lastDelay = 0.0
  /// Attempts since the source was last well.
  package private(set) var attempts = 0

  package init(_ policy: ReconnectPolicy) {
    self.policy = policy
  }

  /// Seconds to wait before the next attempt; `nil` where the source is given up.
  package mutating func next(using random: inout some RandomNumberGenerator) -> Double? {
    guard policy.maximumAttempts < 0 || attempts < policy.maximumAttempts else { return nil }
    attempts += 1
    let most = max(policy.maximumDelay, Self.shortestDelay)
    var delay = max(policy.minimumDelay, Self.shortestDelay)
    for _ in 0..<doublings where delay < most { delay *= 2 }
    doublings += 1
    let slowest = min(delay * 1.25, most)
    lastDelay = slowest * Double.random(in: 0.8...1, using: &random)
    return lastDelay
  }

  /// Notes that a connection lasted this many seconds and brought frames.
  package mutating func connectionLasted(_ seconds: Double) {
    guard seconds > lastDelay else { return }
    doublings = 0
    attempts = 0
    lastDelay = 0
  }
}
