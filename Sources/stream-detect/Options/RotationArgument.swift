internal import ArgumentParser
internal import Output

/// When a file of JSON lines is put aside: `100MB`, `1h`, or both as `100MB,1h`.
struct RotationArgument: ExpressibleByArgument {
  let rotation: LineRotation

  init?(argument: String) {
    var rotation = LineRotation()
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      if let bytes = Self.amount(part, Self.bytes), rotation.bytes == nil {
        rotation.bytes = bytes
      } else if let seconds = Self.amount(part, Self.seconds), rotation.seconds == nil {
        rotation.seconds = seconds
      } else {
        return nil
      }
    }
    self.rotation = rotation
  }

  /// Units of time; `m` is a minute, and a mega needs its B.
  private static let seconds = ["s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400]

  fileprivate static let bytes = [
    "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000,
    "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
  ]

  /// A whole number above 0 with one of the units.
  fileprivate static func amount(_ text: Substring, _ units: [String: Int]) -> Int? {
    let digits = text.utf8.prefix { (48...57).contains($0) }
    guard let number = Int(String(Substring(digits))), number > 0,
      let unit = units[String(text.dropFirst(digits.count))]
    else { return nil }
    let (product, isTooLarge) = number.multipliedReportingOverflow(by: unit)
    return isTooLarge ? nil : product
  }
}

/// A number of bytes: `100MB`, `2GiB`.
struct ByteCount: ExpressibleByArgument {
  let value: Int

  init(_ value: Int) { self.value = value }

  init?(argument: String) {
    guard let value = RotationArgument.amount(argument[...], RotationArgument.bytes) else {
      return nil
    }
    self.value = value
  }

  /// In mebibytes, if it is a whole number of them.
  var defaultValueDescription: String {
    value % (1 << 20) == 0 ? "\(value >> 20)MiB" : "\(value)"
  }
}
