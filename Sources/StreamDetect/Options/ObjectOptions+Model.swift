internal import Annotations
package import Models
package import Pipeline
package import SSDLite
internal import Support

extension ObjectOptions {
  /// The engine's options for a model with these labels, the first of which is the background.
  ///
  /// - Throws: `StreamDetectError.options` for a value out of range or a class that the model does
  ///   not have.
  package func detectionOptions(
    model: ModelDescription, labels: [String]
  ) throws(StreamDetectError) -> DetectionOptions {
    for (name, value) in [("confidence", confidence), ("overlap", overlap)] {
      guard let value else { continue }
      try require((0...1).contains(value), name, value, "between 0 and 1")
    }
    if let maximum { try require(maximum >= 1, "maximum", maximum, "at least 1") }
    return DetectionOptions(
      scoreThreshold: confidence.map { Float($0) } ?? model.scoreThreshold,
      iouThreshold: overlap.map { Float($0) } ?? model.iouThreshold,
      maximumDetections: maximum ?? model.maximumDetections, isClassAgnostic: isClassAgnostic,
      classes: try classIDs(labels: labels))
  }

  /// The classes to report, or `nil` for all of them.
  private func classIDs(labels: [String]) throws(StreamDetectError) -> Set<Int>? {
    guard classes != nil || !excludedClasses.isEmpty else { return nil }
    var wanted = Set(labels.indices.dropFirst())
    if let classes { wanted = try ids(of: classes, "classes", labels) }
    let rest = wanted.subtracting(try ids(of: excludedClasses, "excludedClasses", labels))
    guard !rest.isEmpty else {
      throw .options(
        OptionFailure(
          "excludedClasses", message: "No class is left to report.",
          remedy: "Exclude fewer classes."))
    }
    return rest
  }

  /// The model's names of classes that are given by name or by number.
  func labels(
    of names: [String], _ option: String, _ labels: [String]
  ) throws(StreamDetectError) -> Set<String> {
    Set(try ids(of: names, option, labels).map { labels[$0] })
  }

  private func ids(
    of names: [String], _ option: String, _ labels: [String]
  ) throws(StreamDetectError) -> Set<Int> {
    var ids: Set<Int> = []
    for name in names {
      guard let id = id(of: name, labels) else { throw unknown(name, option, labels) }
      ids.insert(id)
    }
    return ids
  }

  /// The class with this name, this number, or another name for the same thing.
  private func id(of name: String, _ labels: [String]) -> Int? {
    let ids = labels.indices.dropFirst()
    if let id = ids.first(where: { labels[$0] == name }) { return id }
    if let id = Int(name), ids.contains(id) { return id }
    let wanted = ClassName.canonical(name)
    return ids.first { ClassName.canonical(labels[$0]) == wanted }
  }

  private func unknown(
    _ name: String, _ option: String, _ labels: [String]
  ) -> StreamDetectError {
    let near = nearestNames(to: name, among: Array(labels.dropFirst()))
    return .options(
      OptionFailure(
        option, message: "The model has no class '\(name)'.",
        remedy: near.isEmpty
          ? "Its classes are numbered from 1 to \(labels.count - 1)."
          : "Nearest: \(near.joined(separator: ", "))."))
  }
}

extension Tiling {
  /// The grid in the pipeline's terms.
  ///
  /// - Throws: `StreamDetectError.options` for a grid that is not allowed.
  func grid() throws(StreamDetectError) -> TileGrid {
    switch self {
    case .none: return .none
    case .automatic: return .auto
    case .grids(let sides):
      guard let grid = TileGrid(sides: sides) else {
        throw .options(
          OptionFailure(
            "tiles", "\(sides)",
            message: "There may be up to \(TileGrid.maximumGrids) grids, each of "
              + "\(TileGrid.allowedSides.lowerBound) to \(TileGrid.allowedSides.upperBound) tiles "
              + "in a row."))
      }
      return grid
    }
  }

  /// The same tiles, from the pipeline's terms.
  package init(_ grid: TileGrid) {
    self = grid.isAuto ? .automatic : grid.sides.isEmpty ? .none : .grids(grid.sides)
  }
}
