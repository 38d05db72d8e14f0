internal import ArgumentParser
internal import Geometry
internal import ModelImport
internal import Models
internal import SSDLite

/// The model and its labels.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Name of a model in the model folder, or path of a model file. (default for detectors: "
        + "the built-in model)", valueName: "name|path"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "File with class names, one per line or as a JSON array, that replace the model's own.",
      valueName: "file"))
  var labels: String?

  /// The names of the classes: those of `--labels`, otherwise the model's own.
  ///
  /// A list for a detector may leave the background out.
  ///
  /// - Throws: `ProgramError` for a list of the wrong length, `ModelFileError` for a file that
  ///   cannot be read.
  func labels(of file: ModelFile) throws -> [String] {
    guard let path = labels else { return file.description.labels }
    var names = try LabelFile.read(path)
    let architecture = file.description.architecture
    if architecture.isDetector, names.count == architecture.classes - 1 {
      names.insert("background", at: 0)
    }
    guard names.count == architecture.classes else {
      throw ProgramError(
        .usage, "--labels \(path)",
        "it has \(names.count) names and the model \(architecture.labelCount) classes",
        remedy: "Give one name per class")
    }
    return names
  }
}

/// Which detections are reported.
struct ScoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Report objects with at least this confidence, 0 to 1. (default: the model's own)",
      valueName: "score"))
  var conf: Float?

  @Option(
    help: ArgumentHelp(
      "IoU above which the weaker of two boxes is suppressed. (default: the model's own)",
      valueName: "iou"))
  var iou: Float?

  @Option(help: ArgumentHelp("Report at most this many objects per frame.", valueName: "n"))
  var maxDet = 300

  @Flag(help: "Let boxes of different classes suppress each other.")
  var agnosticNms = false

  @Option(help: ArgumentHelp("Report only these classes: names or IDs.", valueName: "a,b"))
  var classes: CommaList?

  @Option(help: ArgumentHelp("Report all classes except these.", valueName: "a,b"))
  var excludeClasses: CommaList?

  func validate() throws {
    for (name, value) in [("--conf", conf), ("--iou", iou)] {
      if let value, !(0...1).contains(value) {
        throw ValidationError("\(name) is \(value); it must be between 0 and 1.")
      }
    }
    if maxDet < 1 {
      throw ValidationError("--max-det is \(maxDet); it must be at least 1.")
    }
  }

  /// The classes to report, or `nil` for all of them.
  ///
  /// - Throws: `ProgramError` for a name that `labels` does not have, with the nearest ones.
  func classIDs(labels: [String]) throws -> Set<Int>? {
    guard classes != nil || excludeClasses != nil else { return nil }
    let all = Set(labels.indices.dropFirst())
    let wanted = try classes.map { try ids(of: $0, "--classes", labels) } ?? all
    let unwanted = try excludeClasses.map { try ids(of: $0, "--exclude-classes", labels) } ?? []
    let rest = wanted.subtracting(unwanted)
    guard !rest.isEmpty else {
      throw ProgramError(
        .usage, "--exclude-classes", "no class is left to report", remedy: "Exclude fewer classes")
    }
    return rest
  }

  private func ids(of list: CommaList, _ option: String, _ labels: [String]) throws -> Set<Int> {
    var ids: Set<Int> = []
    for item in list.items {
      if let id = labels.indices.dropFirst().first(where: { labels[$0] == item }) {
        ids.insert(id)
      } else if let id = Int(item), labels.indices.dropFirst().contains(id) {
        ids.insert(id)
      } else {
        throw unknown(item, option, labels)
      }
    }
    return ids
  }

  private func unknown(_ item: String, _ option: String, _ labels: [String]) -> ProgramError {
    let near = nearestNames(to: item, among: Array(labels.dropFirst()))
    let remedy =
      near.isEmpty
      ? "Its IDs are 1 to \(labels.count - 1); 'stream-detect models info' lists the names"
      : "Nearest: \(near.joined(separator: ", "))"
    return ProgramError(.usage, option, "the model has no class '\(item)'", remedy: remedy)
  }
}

extension ScoreOptions {
  /// The thresholds for detections: as given, otherwise the model's own.
  ///
  /// - Throws: `ProgramError` for a class that the model does not have.
  func detectionOptions(
    model: ModelDescription, labels: [String]
  ) throws -> DetectionOptions {
    DetectionOptions(
      scoreThreshold: conf ?? model.scoreThreshold, iouThreshold: iou ?? model.iouThreshold,
      maximumDetections: maxDet, isClassAgnostic: agnosticNms,
      classes: try classIDs(labels: labels))
  }
}
