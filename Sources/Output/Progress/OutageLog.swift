internal import Foundation
public import Pipeline

/// What is said about outages of live sources: a line when one is lost, one every ten minutes, and
/// one when it is back, however often it is tried meanwhile.
///
/// A source that is back again and again and doesn't stay has no more lines than one that is away.
public struct OutageLog: Sendable {
  /// Seconds between two lines about the same outage.
  public static let interval = 600.0

  /// Seconds after which a source that is back stays, and outages in a row that have lines.
  private static let (steady, spoken) = (60.0, 3)

  private struct Outage {
    var since: Date
    var said: Date
    /// Whether nothing is said when the source is back, because it doesn't stay.
    var isQuiet = false
  }

  /// Outages with less than a minute between them.
  private struct Series {
    var since: Date
    var said: Date
    var restored: Date
    var count = 1
  }

  private var outages: [String: Outage] = [:]
  private var series: [String: Series] = [:]

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
      if isUnsteady(gap) { return unsteady(gap) }
      let what = gap.frame == 0 ? "not available yet" : "stream lost"
      let retry = gap.retryIn.map { " It is tried again, first in \(oneDecimal($0)) s." } ?? ""
      return "\(gap.source): \(what). \(reason)\(retry)"
    }
    guard gap.wall.timeIntervalSince(outage.said) >= Self.interval else { return nil }
    outages[gap.source]?.said = gap.wall
    let minutes = Int(gap.wall.timeIntervalSince(outage.since) / 60)
    return "\(gap.source): away for \(minutes) minutes, \(gap.attempt - 1) attempts. \(reason)"
  }

  /// Counts an outage, and returns whether too many came in a row.
  private mutating func isUnsteady(_ gap: Gap) -> Bool {
    guard var found = series[gap.source],
      gap.wall.timeIntervalSince(found.restored) < Self.steady
    else {
      series[gap.source] = Series(since: gap.wall, said: gap.wall, restored: gap.wall)
      return false
    }
    found.count += 1
    series[gap.source] = found
    return found.count > Self.spoken
  }

  private mutating func unsteady(_ gap: Gap) -> String? {
    outages[gap.source]?.isQuiet = true
    guard let found = series[gap.source] else { return nil }
    let isFirst = found.count == Self.spoken + 1
    guard isFirst || gap.wall.timeIntervalSince(found.said) >= Self.interval else { return nil }
    series[gap.source]?.said = gap.wall
    let seconds = Int(gap.wall.timeIntervalSince(found.since))
    let time = seconds < 120 ? "\(seconds) s" : "\(seconds / 60) minutes"
    return "\(gap.source): stream lost \(found.count) times in \(time), back each time. "
      + (gap.reason?.message ?? "") + (isFirst ? " From now on a line each ten minutes." : "")
  }

  private mutating func restored(_ gap: Gap) -> String? {
    series[gap.source]?.restored = gap.wall
    if outages[gap.source]?.isQuiet == true {
      outages[gap.source] = nil
      return nil
    }
    guard let outage = outages.removeValue(forKey: gap.source) else {
      return "\(gap.source): stream restored."
    }
    let seconds = max(gap.wall.timeIntervalSince(outage.since), 0)
    return "\(gap.source): stream restored after \(oneDecimal(seconds)) s."
  }
}
