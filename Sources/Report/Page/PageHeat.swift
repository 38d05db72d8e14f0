internal import Foundation
internal import Support

/// The heat maps in a page's data: one of all classes, and those of the most frequent ones.
struct PageHeat {
  private let grids: [(rank: Int, grid: HeatGrid)]

  /// Takes at most so many maps.
  init(_ source: SourceDigest, ranks: [Int], most: Int) {
    grids = ranks.enumerated().compactMap { rank, index in
      source.classes[index].heat.map { (rank, $0) }
    }
    self.most = most
  }

  private let most: Int

  func write(to json: inout JSONWriter) {
    guard let first = grids.first?.grid else { return json.null() }
    // If the size of frames changes, so may the grid; those of another shape can't be added.
    let same = grids.filter { $0.grid.columns == first.columns && $0.grid.rows == first.rows }
    json.beginObject()
    json.field("columns", first.columns)
    json.field("rows", first.rows)
    json.key("maps")
    json.beginArray()
    write(-1, same.map(\.grid), to: &json)
    if same.count > 1 {
      for (rank, grid) in same.prefix(most - 1) { write(rank, [grid], to: &json) }
    }
    json.endArray()
    json.endObject()
  }

  private func write(_ rank: Int, _ grids: [HeatGrid], to json: inout JSONWriter) {
    json.beginObject()
    json.field("class", rank)
    write("feet", grids.map(\.feet), to: &json)
    write("cover", grids.map(\.cover), to: &json)
    json.endObject()
  }

  /// Writes a sum of maps as a byte for each cell: the square root of its share of `full`, which
  /// keeps what is rare apart from nothing.
  ///
  /// The colours end at what the busiest hundredth of the cells in use has: a parked car has its
  /// cell in every frame, and would make the ways of all who walk look like nothing.
  private func write(_ name: String, _ maps: [[UInt32]], to json: inout JSONWriter) {
    var sums = [Int](repeating: 0, count: maps.first?.count ?? 0)
    for map in maps {
      for (cell, count) in map.enumerated() { sums[cell] += Int(count) }
    }
    let used = sums.filter { $0 > 0 }.sorted()
    let most = used.last ?? 0
    let full = used.isEmpty ? 0 : used[(used.count - 1) * 99 / 100]
    let bytes = sums.map { sum in
      UInt8((255 * min(Double(sum) / Double(max(full, 1)), 1).squareRoot()).rounded())
    }
    json.key(name)
    json.beginObject()
    json.field("most", most)
    json.field("full", full)
    json.field("bytes", Data(bytes).base64EncodedString())
    json.endObject()
  }
}
