internal import ArgumentParser
internal import Output
internal import StreamDetect

/// `stream-detect segment`.
struct SegmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segment", abstract: "Gives each pixel of images and videos a class.",
    discussion: """
      Of a video every frame is segmented unless --every, --fps, --stride, --keyframes or --limit \
      says otherwise. Get a segmenter with 'stream-detect models pull lraspp_mobilenet_v3_large'.

      \(ExitStatus.help)
      """)

  @OptionGroup(title: "Sources") var source: SourceOptions
  @OptionGroup(title: "Frames") var selection: SelectionOptions
  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    help: ArgumentHelp(
      "Size of the network's input in pixels, such as 520 or 640x360. (default: the model's own)",
      valueName: "size"))
  var size: InputSize?

  @OptionGroup(title: "Output") var output: SegmentOutputOptions
  @OptionGroup(title: "Speed") var engine: EngineOptions
  @OptionGroup(title: "Messages") var report: ReportOptions
  @OptionGroup(title: "Messages") var progress: ProgressOptions

  func run() throws {
    let status = try SegmentRun(self).run()
    if status != .complete { throw status }
  }

  /// The style of progress reports, or `nil` for none.
  var progressStyle: ProgressStyle? {
    progress.style(
      isQuiet: report.quiet,
      hasLinesOnTerminal: output.jsonlTarget.map(isStandardOutput) ?? false)
  }
}

/// Where the results of `segment` go.
struct SegmentOutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write JSON lines with the share of each class to this file; - is standard output, which is "
        + "also the default when no other output is asked for.", valueName: "path"))
  var jsonl: String?

  @Option(
    help: ArgumentHelp(
      "Write each frame's classes as DIR/SOURCE/000123.png, an indexed picture whose pixels are "
        + "class ids; of an image DIR/SOURCE.png.", valueName: "dir"))
  var maps: String?

  @Option(
    help: ArgumentHelp(
      "Write each frame with its classes drawn over it as DIR/SOURCE/000123.jpg; of live sources "
        + "DIR/SOURCE/RUN/000123.jpg.", valueName: "dir"))
  var frames: String?

  @Option(
    help: ArgumentHelp(
      "Write a video with the classes drawn over it: a file, a folder for several sources, or a "
        + "URL (rtmp, rtsp, srt, udp), which is tried again when it fails.", valueName: "path|url"))
  var video: String?

  @OptionGroup var encoding: EncodingOptions

  /// Where the JSON lines go, if anywhere.
  var jsonlTarget: String? {
    if let jsonl { return jsonl }
    return video == nil && frames == nil && maps == nil ? "-" : nil
  }

  /// The outputs in the library's terms.
  var runOutputs: RunOutputs {
    var outputs = RunOutputs(
      drawing: [],
      encoding: .init(
        codec: encoding.videoCodec, crf: encoding.crf, copiesAudio: encoding.audio == .copy))
    outputs.jsonLines = jsonlTarget
    outputs.video = video
    outputs.frames = frames
    outputs.maps = maps
    return outputs
  }

  func validate() throws {
    for (name, value) in [
      ("--jsonl", jsonl), ("--maps", maps), ("--frames", frames), ("--video", video),
    ] where value?.isEmpty == true {
      throw ValidationError("\(name) is empty; give a path to write to.")
    }
  }
}
