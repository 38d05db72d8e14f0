internal import Annotations
internal import ArgumentParser
internal import Output

/// `stream-detect convert`.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes earlier results in the format of another program, or reads such a format.",
    usage: """
      stream-detect convert RUN.jsonl… --to FORMAT -o OUT [OPTIONS]
      stream-detect convert ANNOTATIONS --to jsonl -o OUT.jsonl [OPTIONS]
      """,
    discussion: """
      EXAMPLES:
        stream-detect convert run.jsonl --to coco -o instances.json
        stream-detect convert labels/ --to yolo -o dataset --step 25
        stream-detect convert tracks.jsonl --to cvat-video -o annotations.xml
        stream-detect convert run.jsonl --to ass -o clip.ass
        stream-detect detect clip.mp4 | stream-detect convert - --to csv -o -
        stream-detect convert voc/Annotations --to jsonl -o truth.jsonl

      FORMATS:
        coco          JSON like COCO's instances.json, with scores
        coco-results  an array for pycocotools' loadRes
        yolo          a folder with labels/ and data.yaml
        voc           a folder with Annotations/ and ImageSets/
        mot           a folder with NAME/gt/gt.txt for each source; tracks only
        mot-det       the same with NAME/det/det.txt; detections
        cvat-video    CVAT for video 1.1, a file for each source
        cvat-images   CVAT for images 1.1
        label-studio  JSON tasks with predictions
        megadetector  JSON of MegaDetector 1.5
        fiftyone      a folder for FiftyOne, FiftyOneImageDetectionDataset
        csv           a row for each object, and for each frame without any
        vtt, ass      subtitles for each source: what is seen, and boxes drawn over the video
        jsonl         the other way: COCO, YOLO, VOC, MOTChallenge, CVAT or MegaDetector is read

      Formats with a file for each source take a file name with their suffix for one source, or a \
      folder for many. Frames of a video are called VIDEO/000123.jpg.

      \(ExitStatus.help)
      """)

  @Argument(
    help: ArgumentHelp(
      "JSON lines of 'detect' or 'track', folders of them, or - for standard input.",
      valueName: "run.jsonl"))
  var inputs: [String]

  @Option(help: ArgumentHelp("The format to write.", valueName: "format"))
  var to: ConvertTarget

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file or folder to write; - for standard output.", valueName: "out"))
  var output: String

  @Option(
    help: ArgumentHelp("Leave out objects with less confidence.", valueName: "score"))
  var conf = 0.0

  @Option(
    help: ArgumentHelp("Convert only frames whose number is a multiple of n.", valueName: "n"))
  var step = 1

  @Flag(help: "yolo: end each line with the score.")
  var scores = false

  @Option(
    help: ArgumentHelp(
      "label-studio: put this before the names of sources, such as /data/local-files/?d=.",
      valueName: "text"))
  var prefix = ""

  @Option(
    help: ArgumentHelp(
      "jsonl: the folder of the pictures, for formats with boxes in fractions of them.",
      valueName: "dir"))
  var images: String?

  @OptionGroup(title: "Messages") var report: ReportOptions

  func validate() throws {
    try checkInputs(inputs)
    guard (0...1).contains(conf) else {
      throw ValidationError("--conf is \(conf); it must be between 0 and 1.")
    }
    guard (1...1_000_000_000).contains(step) else {
      throw ValidationError("--step is \(step); it must be between 1 and 1000000000.")
    }
    if scores, to != .format(.yolo) { throw ValidationError("--scores needs --to yolo.") }
    if !prefix.isEmpty, to != .format(.labelStudio) {
      throw ValidationError("--prefix needs --to label-studio.")
    }
    if images != nil, to != .lines { throw ValidationError("--images needs --to jsonl.") }
    if case .format(let format) = to, format.isFolder, !isRegularOutput(output) {
      throw ValidationError(
        "--to \(format.rawValue) writes a folder, and \(output) can't be one. Name a folder.")
    }
  }

  func run() throws {
    let status = try ConvertRun(self).run()
    if status != .complete { throw status }
  }
}

/// What `convert` writes.
enum ConvertTarget: ExpressibleByArgument, Equatable {
  case format(ExportFormat)
  case lines

  init?(argument: String) {
    if argument == "jsonl" {
      self = .lines
    } else if let format = ExportFormat(rawValue: argument) {
      self = .format(format)
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] { ExportFormat.allCases.map(\.rawValue) + ["jsonl"] }

  var defaultValueDescription: String { "" }
}
