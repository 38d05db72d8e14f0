internal import Batch
internal import Models
internal import Pipeline
internal import StreamDetect

/// The sources of a batch with their options.
struct BatchList {
  /// All sources, whatever the shard.
  private(set) var items: [BatchItem] = []
  /// The options that sources have, and of each source which.
  private(set) var variants: [BatchVariant] = []
  private(set) var variantOf: [String: Int] = [:]
  /// What folders have besides media.
  let passedOver: PassedOver

  /// Reads the list, and checks the options of every line.
  ///
  /// - Throws: `ProgramError`, `BatchError` with the line, and errors of options.
  init(
    _ command: BatchRunCommand, _ model: ModelFile, labels: [String], precision: ComputePrecision
  ) throws {
    let found: (entries: [SourceEntry], passedOver: PassedOver)
    do {
      found = try SourceList.entries(command.source.sources, isRecursive: command.source.recursive)
    } catch {
      throw ProgramError(
        error.isTransient ? .transientFailure : .usage, error.argument, error.message,
        remedy: error.remedy)
    }
    passedOver = found.passedOver
    let arguments = BatchVariant.arguments(Array(ProcessArguments.all.dropFirst()))
    variants = [try BatchVariant(command)]
    var plans = [try variants[0].plan([], model, labels: labels)]
    var known: [[SourceSettings.Option]: Int] = [[]: 0]
    var options: [Key: BatchItem.Options] = [:]
    let places = BatchPlaces.places(of: found.entries.map(\.source.name))
    for (entry, place) in zip(found.entries, places) {
      let wanted = entry.settings?.options ?? []
      if known[wanted] == nil, let settings = entry.settings {
        let variant = try BatchVariant(settings, arguments: arguments)
        plans.append(try Self.plan(variant, settings, model, labels))
        variants.append(variant)
        known[wanted] = variants.count - 1
      }
      let number = known[wanted] ?? 0
      let key = Key(variant: number, part: entry.settings?.part)
      let recorded =
        options[key]
        ?? variants[number].recorded(
          plans[number], labels: labels, precision: precision, part: key.part)
      options[key] = recorded
      items.append(
        BatchItem(source: try Self.source(entry), place: place, options: recorded))
      variantOf[entry.source.name] = number
    }
  }

  private struct Key: Hashable {
    var variant: Int
    var part: SourcePart?
  }

  private static func plan(
    _ variant: BatchVariant, _ settings: SourceSettings, _ model: ModelFile, _ labels: [String]
  ) throws -> DetectionRun.Plan {
    do {
      return try variant.plan([], model, labels: labels)
    } catch StreamDetectError.options(let failure) {
      throw BatchError(settings.place, "\(ProgramError(failure))", "")
    }
  }

  /// The source, read as a file whatever it is.
  private static func source(_ entry: SourceEntry) throws -> MediaSource {
    var source = entry.source
    guard source.location != "-" else {
      throw ProgramError(
        .usage, "-", "standard input can't be read again, so it can't be part of a batch",
        remedy: "Store it in a file, or use 'stream-detect detect -'")
    }
    (source.kind, source.isKindOpen, source.part) = (.file, false, entry.settings?.part)
    return source
  }
}
