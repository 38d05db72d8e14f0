internal import ArgumentParser
internal import Geometry
internal import ModelImport
internal import Models
internal import StreamDetect

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
}

extension ScoreOptions {
  /// What is reported, in the library's terms; classes are checked when they are resolved.
  func objectOptions(_ views: ViewOptions) -> ObjectOptions {
    ObjectOptions(
      confidence: conf.map { Double($0) }, overlap: iou.map { Double($0) }, maximum: maxDet,
      classes: classes?.items, excludedClasses: excludeClasses?.items ?? [],
      isClassAgnostic: agnosticNms, tiles: Tiling(views.grid),
      sizes: Sizing(views.sizes))
  }
}
