internal import Annotations
internal import Support
internal import Tracking

extension EventEngine {
  /// An engine whose zones and lines count the classes of these names, however they were called.
  ///
  /// - Throws: `ProgramError` for a class that the results in `file` can't have.
  func counting(_ known: [String], of file: String) throws -> EventEngine {
    var options = options
    func names(_ wanted: Set<String>?, _ subject: String) throws -> Set<String>? {
      guard let wanted else { return nil }
      return Set(try wanted.map { try Self.name($0, among: known, subject: subject, file: file) })
    }
    for index in options.zones.indices {
      let zone = options.zones[index]
      options.zones[index].classes = try names(zone.classes, "zone '\(printable(zone.name))'")
    }
    for index in options.lines.indices {
      let line = options.lines[index]
      options.lines[index].classes = try names(line.classes, "line '\(printable(line.name))'")
    }
    return try EventEngine(options)
  }

  private static func name(
    _ wanted: String, among known: [String], subject: String, file: String
  ) throws -> String {
    let canonical = ClassName.canonical(wanted)
    if let name = known.first(where: { $0 == wanted })
      ?? known.first(where: { ClassName.canonical($0) == canonical })
    {
      return name
    }
    let near = nearestNames(to: wanted, among: known)
    throw ProgramError(
      .usage, subject,
      "the model of the results in \(printable(file)) has no class '\(printable(wanted))'",
      remedy: near.isEmpty ? "Check the name" : "Nearest: \(near.joined(separator: ", "))")
  }
}
