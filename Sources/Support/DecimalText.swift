extension [UInt8] {
  /// Appends an integer as text.
  package mutating func append(digitsOf value: Int) {
    if value < 0 { append(UInt8(ascii: "-")) }
    let first = count
    var rest = value.magnitude
    repeat {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    self[first...].reverse()
  }

  /// Appends a finite number rounded to `decimals` places, without trailing zeros: `4.92`, `415.0`.
  ///
  /// One decimal place is always kept.
  package mutating func append(_ value: Double, decimals: Int) {
    let scale = Self.powerOfTen(decimals)
    let scaled = (value * Double(scale)).rounded()
    guard scaled.magnitude < 9e15 else {
      append(contentsOf: "\(value)".utf8)
      return
    }
    let (whole, rest) = Int(scaled).magnitude.quotientAndRemainder(dividingBy: scale.magnitude)
    if scaled < 0 { append(UInt8(ascii: "-")) }
    append(digitsOf: Int(whole))
    append(UInt8(ascii: "."))
    var fraction = Int(rest)
    var place = scale / 10
    repeat {
      guard place > 0 else {
        append(UInt8(ascii: "0"))
        break
      }
      append(UInt8(ascii: "0") + UInt8(fraction / place))
      fraction %= place
      place /= 10
    } while fraction > 0
  }

  private static func powerOfTen(_ exponent: Int) -> Int {
    precondition((0...9).contains(exponent), "\(exponent) decimals; at most 9 are supported")
    return (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
