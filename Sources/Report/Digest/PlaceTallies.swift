internal import Annotations

/// What happened at the lines and in the zones of a source.
package struct PlaceTallies: Sendable {
  /// The objects of one class that cross a line.
  package struct Crossings: Sendable {
    /// The name of the line.
    package let line: String
    /// Their class.
    package let classIndex: Int
    /// How many cross it, by direction: `in` and `out`.
    package fileprivate(set) var counts: [String: Int] = [:]
  }

  /// The objects of one class that are in a zone.
  package struct Visits: Sendable {
    /// The name of the zone.
    package let zone: String
    /// Their class.
    package let classIndex: Int
    /// How many enter it.
    package fileprivate(set) var entered = 0
    /// How many leave it.
    package fileprivate(set) var left = 0
    /// The most that are in it at once.
    package fileprivate(set) var peak = 0
    /// Seconds that those that left were in it, together.
    package fileprivate(set) var dwell = 0.0
    /// The longest of these times.
    package fileprivate(set) var longestDwell = 0.0
  }

  /// The crossings, in the order in which the lines are crossed first.
  package private(set) var crossings: [Crossings] = []
  /// The visits, in the order in which the zones are entered first.
  package private(set) var visits: [Visits] = []
  private var places: [Key: Int] = [:]

  private struct Key: Hashable {
    var isLine: Bool
    var name: String
    var classIndex: Int
  }

  /// The most pairs of a place and a class: names come from a file.
  private static let most = 2000
  private static let mostDirections = 8

  init() {}

  mutating func take(_ event: EventLine, classIndex: Int) {
    if event.tells(.cross), let line = event.line {
      guard let index = place(isLine: true, line, classIndex) else { return }
      let direction = event.direction ?? "any"
      let isKnown = crossings[index].counts[direction] != nil
      guard isKnown || crossings[index].counts.count < Self.mostDirections else { return }
      crossings[index].counts[direction, default: 0] += 1
    } else if let zone = event.zone, event.tells(.enter) || event.tells(.leave) {
      guard let index = place(isLine: false, zone, classIndex) else { return }
      if event.tells(.enter) {
        visits[index].entered += 1
        visits[index].peak = max(visits[index].peak, visits[index].entered - visits[index].left)
      } else {
        let dwell = event.dwell.map { max($0, 0) } ?? 0
        visits[index].left += 1
        visits[index].dwell += dwell
        visits[index].longestDwell = max(visits[index].longestDwell, dwell)
      }
    }
  }

  private mutating func place(isLine: Bool, _ name: String, _ classIndex: Int) -> Int? {
    let key = Key(isLine: isLine, name: name, classIndex: classIndex)
    if let index = places[key] { return index }
    guard places.count < Self.most else { return nil }
    let index = isLine ? crossings.count : visits.count
    places[key] = index
    if isLine {
      crossings.append(Crossings(line: name, classIndex: classIndex))
    } else {
      visits.append(Visits(zone: name, classIndex: classIndex))
    }
    return index
  }
}
