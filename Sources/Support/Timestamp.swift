package import Foundation

/// Moments as RFC 3339 text in UTC with milliseconds: `2026-11-21T10:00:00.000Z`.
///
/// The calendar arithmetic follows Howard Hinnant's "chrono-compatible low-level date algorithms"
/// (`civil_from_days` and `days_from_civil`), so no locale and no time zone data are involved.
package enum Timestamp {
  /// The text for a moment; moments outside the years 1 to 9999 are clamped.
  package static func text(_ date: Date) -> String {
    let seconds = date.timeIntervalSince1970
    let bounded = seconds.isFinite ? min(max(seconds, -62_135_596_800), 253_402_300_799) : 0
    // Most milliseconds are not exact in binary. Without the extra microsecond, rounding down would
    // turn half of those into the millisecond before.
    let milliseconds = Int((bounded * 1000 + 0.001).rounded(.down))
    let (days, inDay) = dividedDown(milliseconds, by: 86_400_000)
    let (era, dayOfEra) = dividedDown(days + 719_468, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // Months are counted from March, so that the leap day is the last of the year.
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let clock = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1000 % 60].map { padded($0, 2) }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
      + "\(clock.joined(separator: ":")).\(padded(inDay % 1000, 3))Z"
  }

  /// The moment that `text` names, or `nil` if it does not have the form that `text(_:)` writes.
  package static func date(_ text: String) -> Date? {
    let bytes = Array(text.utf8)
    let form = Array("0000-00-00T00:00:00.000Z".utf8)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard bytes.count == form.count,
      zip(bytes, form).allSatisfy({ $1 == UInt8(ascii: "0") ? digits.contains($0) : $0 == $1 })
    else { return nil }
    func number(_ places: Range<Int>) -> Int {
      bytes[places].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
    let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
    let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
    guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
    else { return nil }
    let days = days(year: month <= 2 ? year - 1 : year, month: month, day: day)
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    return Date(timeIntervalSince1970: Double(seconds * 1000 + number(20..<23)) / 1000)
  }

  /// Days since 1970 of a date whose year begins in March.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let (era, yearOfEra) = dividedDown(year, by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func dividedDown(
    _ value: Int, by divisor: Int
  ) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

/// `value` with leading zeros, up to `width` digits.
package func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(width - digits.count, 0)) + digits
}
