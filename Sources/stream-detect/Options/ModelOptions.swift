internal import ArgumentParser
internal import Geometry
internal import ModelImport
internal import Models
internal import StreamDetect

/// Which model, and what of its findings is reported.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Name of a model in the model folder, or path of a model file. (default: for detectors the "
        + "built-in one)", valueName: "name|path"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Names of the classes, one a line or a JSON array, instead of the model's own.",
      valueName: "file"))
  var labels: String?

  /// The names of the classes: those of `--labels`, else the model's own.
  ///
  /// A list for a detector may leave the background out.
  /// - Throws: `ProgramError` for a list of another length, `ModelFileError` for one that is
  ///   unreadable.
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
        remedy: "Give one name a class")
    }
    return names
  }
}

/// What of a detector's findings is reported.
struct ScoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Report objects with at least this confidence, 0 to 1. (default: the model's own)",
      valueName: "score"))
  var conf: Float?

  @Option(
    help: ArgumentHelp(
      "Of two boxes that overlap more than this, keep the better one. (default: the model's own)",
      valueName: "overlap"))
  var iou: Float?

  @Option(help: ArgumentHelp("Report at most so many objects a frame.", valueName: "n"))
  var maxDet = 300

  @Flag(help: "Let boxes of different classes suppress each other.")
  var agnosticNms = false

  @Option(help: ArgumentHelp("Report these classes only: names or ids.", valueName: "a,b"))
  var classes: CommaList?

  @Option(help: ArgumentHelp("Report all classes but these.", valueName: "a,b"))
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
}

extension ScoreOptions {
  /// What is reported, in the library's terms; classes are checked when they are resolved.
  func objectOptions(tiles: Tiling) -> ObjectOptions {
    ObjectOptions(
      confidence: conf.map { Double($0) }, overlap: iou.map { Double($0) }, maximum: maxDet,
      classes: classes?.items, excludedClasses: excludeClasses?.items ?? [],
      isClassAgnostic: agnosticNms, tiles: tiles)
  }
}
