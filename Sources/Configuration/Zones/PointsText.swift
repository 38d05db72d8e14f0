internal import Geometry
internal import Support
internal import Tracking

/// Points as they are written on the command line and in files: `0.1,0.5 0.9,0.5`, or pixels with
/// `px` at the end: `64,180 576,180 px`.
struct PointsText {
  let points: [Point]
  let unit: CoordinateUnit

  /// Why a text isn't points, in a sentence.
  struct Fault: Error {
    let message: String
  }

  init(_ text: String) throws(Fault) {
    var words = text.split(omittingEmptySubsequences: true) {
      $0 == " " || $0 == "\t" || $0 == "\n"
    }
    var unit = CoordinateUnit.fractions
    if words.last == "px" {
      words.removeLast()
      unit = .pixels
    }
    var points: [Point] = []
    for word in words {
      let parts = word.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count == 2, let x = Self.number(parts[0]), let y = Self.number(parts[1]) else {
        throw Fault(message: "'\(UnsafeText.escaped(String(word.prefix(100))))' isn't a point.")
      }
      points.append(Point(x: x, y: y))
    }
    self.points = points
    self.unit = unit
  }

  /// A decimal number, NaN and infinity as they are usually written.
  static func number(_ text: some StringProtocol) -> Double? {
    // Swift reads hexadecimal numbers, too, which nobody means here.
    text.utf8.contains(UInt8(ascii: "x")) || text.utf8.contains(UInt8(ascii: "X"))
      ? nil : Double(text)
  }
}
