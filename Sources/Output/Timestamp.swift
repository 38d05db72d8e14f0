/// A moment as RFC 3339 text in UTC with milliseconds: `2026-11-21T10:00:00.000Z`.
///
/// The calendar arithmetic is that of Howard Hinnant's "chrono-compatible low-level date algorithms"
/// (civil_from_days), which needs no locale and no time zone data. Moments outside the years 1 to 9999
/// are clamped.
public func timestamp(secondsSince1970 seconds: Double) -> String {
  let bounded = seconds.isFinite ? min(max(seconds, -62_135_596_800), 253_402_300_799) : 0
  let milliseconds = Int((bounded * 1000).rounded(.down))
  let (days, inDay) = dividedDown(milliseconds, by: 86_400_000)
  let (era, dayOfEra) = dividedDown(days + 719_468, by: 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  // Months are counted from March, so that the leap day is the last of the year.
  let marchMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
  let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  let clock = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1000 % 60].map { padded($0, 2) }
  return "\(date)T\(clock.joined(separator: ":")).\(padded(inDay % 1000, 3))Z"
}

private func dividedDown(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

/// `value` with zeros in front up to `width` digits.
func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(width - digits.count, 0)) + digits
}
