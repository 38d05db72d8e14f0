extension Plot {
  /// The drawing as an SVG 1.1 document.
  public func svg() -> String {
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\" viewBox=\"0 0 \(number(width)) \(number(height))\" "
        + "font-family=\"Helvetica, Arial, DejaVu Sans, sans-serif\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
    ]
    lines += parts.map(svg)
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private func svg(_ part: Part) -> String {
    switch part {
    case .line(let points, let color, let width, let isDashed):
      let places = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
      let dashes = isDashed ? " stroke-dasharray=\"\(Plot.dash) \(Plot.dash)\"" : ""
      return "<polyline points=\"\(places)\" fill=\"none\" stroke=\"\(hex(color))\" "
        + "stroke-width=\"\(number(width))\" stroke-linejoin=\"round\"\(dashes)/>"
    case .text(let text, let place, let size, let color, let anchor):
      return
        "<text x=\"\(number(place.x))\" y=\"\(number(place.y))\" font-size=\"\(number(size))\" "
        + "fill=\"\(hex(color))\" text-anchor=\"\(anchor)\">\(escaped(text))</text>"
    }
  }

  /// The length of dashes and of the gaps between them.
  public static let dash = 5

  /// `value` with at most two decimal places.
  private func number(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    if hundredths % 100 == 0 { return "\(hundredths / 100)" }
    return "\(Double(hundredths) / 100)"
  }

  private func hex(_ color: UInt32) -> String {
    let digits = String(color & 0xFFFFFF, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// `text` with XML's reserved characters escaped and forbidden ones replaced: names come from
  /// files.
  private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&apos;"
      case "\u{0}"..<"\u{20}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
