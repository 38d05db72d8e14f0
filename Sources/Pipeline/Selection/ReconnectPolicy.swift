/// How often and how soon a lost live source is opened again.
public struct ReconnectPolicy: Hashable, Sendable {
  /// Seconds before the first attempt.
  public var minimumDelay: Double
  /// The longest delay in seconds; doubling ends there.
  public var maximumDelay: Double
  /// Attempts in a row before the source is given up; negative for no limit.
  ///
  /// It applies from the first opening on: a camera that is down when the run starts is waited for
  /// like one that is lost later. Only an error that no attempt can mend (an unknown option, say)
  /// ends a source that was never open.
  public var maximumAttempts: Int

  /// By default doubles from one second to thirty, without a limit.
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
/// The delay doubles with each failure, including instant refusals, and is randomised by a fifth so
/// that many cameras behind one switch don't reconnect in step. Only a connection that lasts longer
/// than the delay before it resets the delay, so that a server that accepts and hangs up isn't
/// called in a tight loop.
package struct ReconnectSchedule: Sendable {
  /// Keeps a policy without a delay from becoming a tight loop.
  private static let shortestDelay = 0.01

  private let policy: ReconnectPolicy
  private var doublings = 0
  private var lastDelay = 0.0
  /// Attempts since the last connection that reset the delay.
  package private(set) var attempts = 0

  package init(_ policy: ReconnectPolicy) {
    self.policy = policy
  }

  /// Seconds to wait before the next attempt; `nil` if there is none.
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
