internal import Foundation
public import Pipeline

/// What is said about outages of live sources: a line when one is lost, one every ten minutes, and
/// one when it is back, however often it is tried meanwhile.
public struct OutageLog: Sendable {
  /// Seconds between two lines about the same outage.
  public static let interval = 600.0

  private struct Outage {
    var since: Date
    var said: Date
  }

  private var outages: [String: Outage] = [:]

  /// Makes a log without outages.
  public init() {}

  /// The line for a gap; `nil` if enough has been said about its outage.
  public mutating func line(for gap: Gap) -> String? {
    switch gap.state {
    case .lost: lost(gap)
    case .restored: restored(gap)
    }
  }

  private mutating func lost(_ gap: Gap) -> String? {
    let reason = gap.reason?.message ?? ""
    guard let outage = outages[gap.source] else {
      outages[gap.source] = Outage(since: gap.wall, said: gap.wall)
      let what = gap.frame == 0 ? "not there yet" : "stream lost"
      let retry = gap.retryIn.map { " It is tried again, first in \(oneDecimal($0)) s." } ?? ""
      return "\(gap.source): \(what). \(reason)\(retry)"
    }
    guard gap.wall.timeIntervalSince(outage.said) >= Self.interval else { return nil }
    outages[gap.source]?.said = gap.wall
    let minutes = Int(gap.wall.timeIntervalSince(outage.since) / 60)
    return "\(gap.source): away for \(minutes) minutes, \(gap.attempt - 1) attempts. \(reason)"
  }

  private mutating func restored(_ gap: Gap) -> String {
    guard let outage = outages.removeValue(forKey: gap.source) else {
      return "\(gap.source): stream restored."
    }
    let seconds = max(gap.wall.timeIntervalSince(outage.since), 0)
    return "\(gap.source): stream restored after \(oneDecimal(seconds)) s."
  }
}
