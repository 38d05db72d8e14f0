internal import ArgumentParser
internal import Batch
internal import Models
internal import Pipeline
internal import StreamDetect
internal import Support

/// The options of some of a batch's sources: those of the command line, or with those of a line in
/// a manifest.
struct BatchVariant {
  let command: BatchRunCommand
  /// What `DetectionRun` takes, without sources.
  let objects: ObjectOptions

  /// The options that lines may have: those that decide about the results of one source.
  private static let allowed = [
    "agnostic-nms", "classes", "conf", "duration", "events", "events-only", "every",
    "exclude-classes", "fps", "iou", "keyframes", "limit", "line", "mask", "max-det", "roi", "size",
    "stride", "tiles", "track", "track-boxes", "track-coast", "track-conf", "track-min",
    "track-ttl", "zone", "zones",
  ]
  /// Those that are given once for each value.
  private static let repeated: Set<String> = ["line", "mask", "roi", "zone", "zones"]

  /// The options of the command line alone.
  ///
  /// - Throws: Errors of usage and configuration.
  init(_ command: BatchRunCommand) throws {
    self.command = command
    objects = try command.objectOptions()
  }

  /// The options of the command line with those of a line, which win.
  ///
  /// - Throws: `BatchError` that names the line.
  init(_ settings: SourceSettings, arguments: [String]) throws {
    var added: [String] = []
    for option in settings.options {
      let name = String(option.name.map { $0 == "_" ? "-" : $0 })
      guard Self.allowed.contains(name) else {
        let nearest = nearestNames(to: name, among: Self.allowed, count: 1).first
        throw BatchError(
          settings.place, "The options have the unknown key '\(option.name.prefix(100))'.",
          nearest.map { "Did you mean '\($0)'?" } ?? "Leave it out, or give it to all sources.")
      }
      if option.isFlag {
        added += option.values.map { _ in "--\(name)" }
      } else if Self.repeated.contains(name) {
        added += option.values.map { "--\(name)=\($0)" }
      } else {
        added.append("--\(name)=\(option.values.joined(separator: ","))")
      }
    }
    let end = arguments.firstIndex(of: "--") ?? arguments.count
    do {
      try self.init(
        BatchRunCommand.parse(Array(arguments[..<end]) + added + Array(arguments[end...])))
    } catch let error as ProgramError {
      throw BatchError(settings.place, "\(error)", "")
    } catch {
      throw BatchError(
        settings.place, sentence(BatchRunCommand.message(for: error)), "Change its options.")
    }
  }

  /// The arguments of the command line behind the name of the command.
  static func arguments(_ all: [String]) -> [String] {
    var rest = completingBareTrack(
      all, modes: DetectTrackOptions.Mode.allCases.map(\.rawValue))[...]
    for name in [BatchCommand.configuration.commandName, BatchRunCommand.configuration.commandName]
    where rest.first == name {
      rest = rest.dropFirst()
    }
    return Array(rest)
  }

  /// The plan of a run over some sources.
  ///
  /// - Throws: `StreamDetectError.options`.
  func plan(
    _ sources: [MediaSource], _ model: ModelFile, labels: [String], otherInputs: [String] = []
  ) throws -> DetectionRun.Plan {
    try DetectionRun.Plan(
      sources.map { Source($0) }, model: StoredModel(model), labels: labels, options: objects,
      reading: command.readingOptions, outputs: command.runOutputs, otherInputs: otherInputs)
  }
}
