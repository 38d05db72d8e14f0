internal import Support

/// Rows of cells as lines with aligned columns; the first `leftColumns` are left-aligned.
func aligned(_ rows: [[String]], leftColumns: Int) -> [String] {
  let columns = rows.map(\.count).max() ?? 0
  let widths = (0..<columns).map { column in
    rows.reduce(0) { max($0, column < $1.count ? $1[column].count : 0) }
  }
  return rows.map { row in
    let line = row.enumerated().map { column, cell in
      let spaces = String(repeating: " ", count: widths[column] - cell.count)
      return column < leftColumns ? cell + spaces : spaces + cell
    }.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}

/// `value` with exactly `places` decimal places.
func decimals(_ value: Double, _ places: Int) -> String {
  var json = JSONWriter()
  json.number(value, decimals: places)
  let text = String(decoding: json.bytes, as: UTF8.self)
  guard let point = text.firstIndex(of: "."), text.allSatisfy({ !"en".contains($0) }) else {
    return text
  }
  let digits = text.distance(from: point, to: text.endIndex) - 1
  if places == 0 { return String(text[..<point]) }
  return text + String(repeating: "0", count: max(places - digits, 0))
}

/// Seconds as milliseconds.
func milliseconds(_ seconds: Double) -> String { decimals(seconds * 1e3, 3) }

/// A fraction as a percentage.
func percent(_ share: Double) -> String { decimals(share * 100, 1) + " %" }
