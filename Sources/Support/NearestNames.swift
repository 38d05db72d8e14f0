/// The names closest to `typed`, best first: by edit distance (Levenshtein 1966), ignoring case.
package func nearestNames(to typed: String, among names: [String], count: Int = 3) -> [String] {
  let target = Array(typed.lowercased().utf8)
  let ranked = names.enumerated().map { position, name in
    (distance: edits(target, Array(name.lowercased().utf8)), position: position, name: name)
  }
  let limit = max(2, (target.count + 1) / 2)
  return ranked.filter { $0.distance <= limit }
    .sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }
    .prefix(count).map(\.name)
}

/// Insertions, deletions and replacements that turn `a` into `b`.
///
/// - Complexity: O(a · b).
private func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var row = Array(0...b.count)
  for (i, left) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, right) in b.enumerated() {
      let replaced = diagonal + (left == right ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}
