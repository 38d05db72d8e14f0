import Layers

extension NetworkTable {
  /// The table as text in aligned columns, with a line of totals.
  public func text() -> String {
    let head = columns + ["input", "output", "parameters", "multiply-adds"]
    let body = rows.map { row in
      row.cells + [
        row.input.description, row.output.description, grouped(row.trainableParameters),
        grouped(row.multiplyAdds),
      ]
    }
    let blank = [String](repeating: "", count: columns.count - 1)
    let total =
      ["total"] + blank + ["", "", grouped(trainableParameters), grouped(multiplyAdds)]
    let widths = head.indices.map { column in
      ([head, total] + body).reduce(0) { max($0, $1[column].count) }
    }
    let lines = ([head] + body + [total]).map { cells in
      zip(cells, widths).enumerated().map { column, cell in
        // Text is aligned to the left, numbers to the right.
        padded(cell.0, to: cell.1, atEnd: column == 0)
      }.joined(separator: "  ")
    }
    let notes = [
      "The columns up to \(columns.last ?? "") are the paper's; the others are for this network.",
      "With batch norm folded into the convolutions: \(grouped(parameters)) parameters.",
    ]
    return ([title, ""] + lines + [""] + notes + [""]).joined(separator: "\n")
  }
}

/// `number` with a comma between groups of three digits.
private func grouped(_ number: Int) -> String {
  var result = ""
  for (place, digit) in String(number).reversed().enumerated() {
    if place > 0 && place.isMultiple(of: 3) { result.append(",") }
    result.append(digit)
  }
  return String(result.reversed())
}

private func padded(_ text: String, to width: Int, atEnd: Bool) -> String {
  let spaces = String(repeating: " ", count: max(0, width - text.count))
  return atEnd ? text + spaces : spaces + text
}
