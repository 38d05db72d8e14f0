internal import ArgumentParser
internal import Evaluation
internal import Geometry
internal import Models
internal import SSDLite
internal import StreamDetect

/// What is compared with what.
struct ComparisonOptions: ParsableArguments {
  enum Missing: String, ExpressibleByArgument, CaseIterable { case count, skip }

  @Argument(
    help: ArgumentHelp(
      "Images, folders, quoted globs or @LIST to run the model on.", valueName: "image"))
  var sources: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "The same as an option: a folder, with those in it. May be given several times.",
      valueName: "dir"))
  var images: [String] = []

  @Option(
    help: ArgumentHelp(
      "Results instead of a model: JSON lines of 'detect', or COCO's results array.",
      valueName: "file"))
  var pred: String?

  @Option(
    help: ArgumentHelp(
      "What the images show: COCO's instances.json, a folder of Pascal VOC's XML files, or a YOLO "
        + "folder.", valueName: "path"))
  var truth: String

  @Option(
    help: ArgumentHelp(
      "Classes that are the same, 'truth name = model name' a line; the name 'ignore' marks regions "
        + "to leave out.", valueName: "file"))
  var classMap: String?

  @Option(
    help: ArgumentHelp(
      "Images of the truth without results: nothing was found in them (count), or they are left out "
        + "(skip). (default: skip with a model, count with --pred)", valueName: "count|skip"))
  var missing: Missing?

  @Flag(help: "Leave out boxes that COCO's JSON flags 'ignore'; pycocotools counts them.")
  var honorIgnore = false

  /// What the model is run on.
  var imageArguments: [String] { images + sources }

  func validate() throws {
    if pred != nil && !imageArguments.isEmpty {
      throw ValidationError("--pred and images exclude each other; give one of them.")
    }
    if pred == nil && imageArguments.isEmpty {
      throw ValidationError(
        "Nothing to evaluate; give --images DIR with a model, or --pred FILE with results.")
    }
  }
}

/// What of a detector's findings is evaluated.
struct EvalScoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Let objects count with at least this confidence, 0 to 1.", valueName: "score"))
  var conf: Float = 0.001

  @Option(
    help: ArgumentHelp(
      "Of two boxes that overlap more than this, keep the better one. (default: the model's own)",
      valueName: "overlap"))
  var iou: Float?

  @Option(
    help: ArgumentHelp(
      "Keep at most so many objects an image; of each class the best 100 count.", valueName: "n"))
  var maxDet = 1000

  @Flag(help: "Let boxes of different classes suppress each other.")
  var agnosticNms = false

  func validate() throws {
    for (name, value) in [("--conf", conf), ("--iou", iou)] {
      if let value, !(0...1).contains(value) {
        throw ValidationError("\(name) is \(value); it must be between 0 and 1.")
      }
    }
    if !(1...100_000).contains(maxDet) {
      throw ValidationError("--max-det is \(maxDet); it must be between 1 and 100000.")
    }
  }

  /// What counts as a detection: as asked, else as the model recommends.
  func detectionOptions(model: ModelDescription) -> DetectionOptions {
    DetectionOptions(
      scoreThreshold: conf, iouThreshold: iou ?? model.iouThreshold, maximumDetections: maxDet,
      isClassAgnostic: agnosticNms)
  }
}

/// What is said of the comparison, and where.
struct EvalOutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "Tables to read, or a JSON object.")
  var format: Format = .text

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write there instead of standard output.", valueName: "file"))
  var output: String = "-"

  @Option(
    help: ArgumentHelp(
      "Overlap from which a detection is an object, for precision, recall and confusions.",
      valueName: "overlap"))
  var matchIou = 0.5

  @Option(
    help: ArgumentHelp(
      "Count confusions from this score on. (default: the one with the best F1)",
      valueName: "score"))
  var at: Double?

  @Option(
    help: ArgumentHelp(
      "Draw precision, recall and F1 as curves into a file.", valueName: "file.svg|file.png"))
  var plot: String?

  @Option(help: ArgumentHelp("Confusions that the table lists.", valueName: "n"))
  var top = 15

  func validate() throws {
    if !(matchIou > 0 && matchIou <= 1) {
      throw ValidationError("--match-iou is \(matchIou); it must be above 0 and at most 1.")
    }
    if let at, !(0...1).contains(at) {
      throw ValidationError("--at is \(at); it must be between 0 and 1.")
    }
    if let plot, PlotFormat(path: plot) == nil {
      throw ValidationError("--plot \(plot) has no known suffix; use .svg or .png.")
    }
    if let plot, plot == output {
      throw ValidationError("--plot and --output name the same file; give each its own.")
    }
    if !(0...1_000_000).contains(top) {
      throw ValidationError("--top is \(top); it must be at least 0.")
    }
  }

  /// What is measured beside COCO's figures.
  var reportOptions: EvaluationReport.Options {
    var options = EvaluationReport.Options()
    options.overlap = matchIou
    options.confusionScore = at
    return options
  }
}
