internal import ArgumentParser
internal import Evaluation
internal import Geometry
internal import Models
internal import SSDLite
internal import StreamDetect

/// The images or results, and the truth that they are compared with.
struct ComparisonOptions: ParsableArguments {
  enum Missing: String, ExpressibleByArgument, CaseIterable { case count, skip }

  @Argument(
    help: ArgumentHelp(
      "Images, folders, quoted globs or @LIST to run the model on.", valueName: "image"))
  var sources: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A folder of images, searched recursively; may be given several times.",
      valueName: "dir"))
  var images: [String] = []

  @Option(
    help: ArgumentHelp(
      "Evaluate results instead of running a model: JSON lines of 'detect', or a COCO results "
        + "array.",
      valueName: "file"))
  var pred: String?

  @Option(
    help: ArgumentHelp(
      "The ground truth: COCO's instances.json, a folder of Pascal VOC XML files, or a YOLO "
        + "folder.", valueName: "path"))
  var truth: String

  @Option(
    help: ArgumentHelp(
      "Class names that differ, one 'truth name = model name' per line; 'truth name = ignore' "
        + "marks regions to leave out.", valueName: "file"))
  var classMap: String?

  @Option(
    help: ArgumentHelp(
      "Images of the truth without results: count them as images without detections, or skip "
        + "them. (default: skip with a model, count with --pred)", valueName: "count|skip"))
  var missing: Missing?

  @Flag(help: "Leave out boxes flagged 'ignore' in COCO's JSON; pycocotools counts them.")
  var honorIgnore = false

  /// The images that the model runs on.
  var imageArguments: [String] { images + sources }

  func validate() throws {
    if pred != nil && !imageArguments.isEmpty {
      throw ValidationError("--pred and images cannot be combined; give one of them.")
    }
    if pred == nil && imageArguments.isEmpty {
      throw ValidationError(
        "Nothing to evaluate; give --images DIR with a model, or --pred FILE with results.")
    }
  }
}

/// How tracks are measured.
struct TrackEvalOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Measure tracks: --truth is a MOTChallenge gt.txt, JSON lines with track_id, or a folder "
        + "with NAME/gt.txt for each NAME.jsonl in the folder of --pred."))
  var tracks = false

  @Option(
    help: ArgumentHelp(
      "With --tracks, leave out objects of which less can be seen, 0 to 1.", valueName: "share"))
  var minVisibility = 0.25

  @Flag(help: "With --tracks, let objects of different classes match.")
  var anyClass = false

  func validate() throws {
    if !(0...1).contains(minVisibility) {
      throw ValidationError("--min-visibility is \(minVisibility); it must be between 0 and 1.")
    }
  }
}

/// Which detections are evaluated.
struct EvalScoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Evaluate objects with at least this confidence, 0 to 1.", valueName: "score"))
  var conf: Float = 0.001

  @Option(
    help: ArgumentHelp(
      "IoU above which the weaker of two boxes is suppressed. (default: the model's own)",
      valueName: "iou"))
  var iou: Float?

  @Option(
    help: ArgumentHelp(
      "Keep at most this many objects per image; of each class the best 100 count.", valueName: "n")
  )
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

  /// The thresholds for detections: as given, otherwise the model's own.
  func detectionOptions(model: ModelDescription) -> DetectionOptions {
    DetectionOptions(
      scoreThreshold: conf, iouThreshold: iou ?? model.iouThreshold, maximumDetections: maxDet,
      isClassAgnostic: agnosticNms)
  }
}

/// What is reported, and where.
struct EvalOutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "Tables for people, or a JSON object.")
  var format: Format = .text

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the report to this file instead of standard output.", valueName: "file"))
  var output: String = "-"

  @Option(
    help: ArgumentHelp(
      "IoU from which a detection matches an object, for precision, recall and confusions.",
      valueName: "iou"))
  var matchIou = 0.5

  @Option(
    help: ArgumentHelp(
      "Count confusions of detections with at least this score. (default: the score with the "
        + "best F1)",
      valueName: "score"))
  var at: Double?

  @Option(
    help: ArgumentHelp(
      "Plot precision, recall and F1 to this file.", valueName: "file.svg|file.png"))
  var plot: String?

  @Option(help: ArgumentHelp("Maximum number of confusions in the table.", valueName: "n"))
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

  /// Options for the figures beyond COCO's.
  var reportOptions: EvaluationReport.Options {
    var options = EvaluationReport.Options()
    options.overlap = matchIou
    options.confusionScore = at
    return options
  }
}
