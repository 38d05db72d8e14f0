internal import Models
internal import ArgumentParser
internal import Logging
internal import Media
internal import Output
internal import Pipeline
internal import StreamDetect
internal import Support

/// `stream-detect classify`.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Classifies images.",
    discussion: "Of a video, the first frame is classified.\n\n\(ExitStatus.help)")

  @Argument(
    help: ArgumentHelp("Images, folders, quoted globs, URLs, -, @LIST.", valueName: "image"))
  var images: [String]

  @Flag(help: "Search folders recursively.")
  var recursive = false

  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(help: ArgumentHelp("Number of classes per image.", valueName: "k"))
  var top = 5

  @Flag(help: "Print one JSON object per line.")
  var json = false

  @OptionGroup(title: "Messages") var report: ReportOptions

  func validate() throws {
    if top < 1 { throw ValidationError("--top is \(top); it must be at least 1.") }
  }

  func run() throws {
    let logger = report.makeLogger()
    FFmpegLog.install(logger: logger)
    let sources = try expandedSources(images, isRecursive: recursive, logger: logger)
    let file = try ModelResolution(logger: logger).classifier(named: model.model)
    let classifier = try ImageClassifier(file, labels: try model.labels(of: file))
    let output = try OutputFile("-")
    var failures: [MediaError] = []
    for source in sources {
      do {
        let classes = try classifier.classifyFirstFrame(of: source.location, top: top)
        try output.write(Array((json ? line(source, classes) : text(source, classes)).utf8))
      } catch let error as MediaError {
        failures.append(error)
        logger.error("\(error)")
      }
    }
    try output.finish()
    if failures.contains(where: \.isTransient) { throw ExitStatus.transientFailure }
    if !failures.isEmpty { throw ExitStatus.badInput }
  }

  private func text(_ source: MediaSource, _ classes: [ImageClassifier.Classification]) -> String {
    let rows = classes.map { ["  " + decimals(Double($0.probability), 4), $0.label] }
    return ([printable(source.name)] + aligned(rows, leftColumns: 2))
      .joined(separator: "\n") + "\n"
  }

  private func line(_ source: MediaSource, _ classes: [ImageClassifier.Classification]) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.field("type", "classes")
    json.field("source", source.name)
    json.key("classes")
    json.beginArray()
    for found in classes {
      json.beginObject()
      json.field("label", found.label)
      json.field("class_id", found.classID)
      json.field("confidence", Double(found.probability), decimals: 4)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self) + "\n"
  }
}
