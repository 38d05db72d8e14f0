internal import ArgumentParser
internal import StreamDetect

/// Where results go.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write JSON lines to this file; - is standard output, which is also the default when no "
        + "other output is asked for.", valueName: "path"))
  var jsonl: String?

  @Flag(help: "Add to the file of --jsonl instead of replacing it.")
  var append = false

  @Option(
    help: ArgumentHelp(
      "Put the file of --jsonl aside when it reaches a size (100MB) or at each full span of time "
        + "(1h), as NAME.TIME.jsonl, and begin a new one; includes --append.",
      valueName: "size|time[,…]"))
  var rotate: RotationArgument?

  @Option(
    help: ArgumentHelp(
      "Write the annotated video: a file, a folder for several sources, or a URL (rtmp, rtsp, "
        + "srt, udp), which is tried again when it fails.", valueName: "path|url"))
  var video: String?

  @OptionGroup var encoding: EncodingOptions

  @Option(
    help: ArgumentHelp(
      "What to draw: box, label, conf, track, zones, areas (of --mask and --roi), or none.",
      valueName: "parts"))
  var overlay = OverlayArgument.all

  @Option(
    help: ArgumentHelp(
      "Write each processed frame, annotated, as DIR/SOURCE/000123.jpg; of live sources "
        + "DIR/SOURCE/RUN/000123.jpg.",
      valueName: "dir"))
  var frames: String?

  @Option(
    help: ArgumentHelp(
      "Write a crop of each object as DIR/SOURCE/000123-0-LABEL.jpg; of live sources "
        + "DIR/SOURCE/RUN/000123-0-LABEL.jpg.", valueName: "dir"))
  var crops: String?

  @Option(
    help: ArgumentHelp(
      "Write the best picture of each track as DIR/SOURCE/000007.jpg; of live sources "
        + "DIR/SOURCE/RUN/000007.jpg. Turns --track on.", valueName: "dir"))
  var snapshots: String?

  /// Where the JSON lines go, if anywhere.
  var jsonlTarget: String? {
    if let jsonl { return jsonl }
    return pictureOption == nil ? "-" : nil
  }

  /// The first output of pictures, if there is any.
  var pictureOption: String? {
    pictureOutputs.first { $0.path != nil }?.option
  }

  private var pictureOutputs: [(option: String, path: String?)] {
    [
      ("--video", video), ("--frames", frames), ("--crops", crops), ("--snapshots", snapshots),
    ]
  }

  /// The outputs in the library's terms.
  var runOutputs: RunOutputs {
    var outputs = RunOutputs(
      drawing: overlay.parts,
      encoding: .init(
        codec: encoding.videoCodec, crf: encoding.crf, copiesAudio: encoding.audio == .copy))
    outputs.jsonLines = jsonlTarget
    outputs.isAppending = append || rotate != nil
    outputs.rotation = rotate?.rotation
    outputs.video = video
    outputs.frames = frames
    outputs.crops = crops
    outputs.snapshots = snapshots
    return outputs
  }

  func validate() throws {
    if append || rotate != nil, jsonl == nil {
      throw ValidationError("\(append ? "--append" : "--rotate") needs --jsonl with a file.")
    }
    for (name, value) in [(option: "--jsonl", path: jsonl)] + pictureOutputs
    where value?.isEmpty == true {
      throw ValidationError("\(name) is empty; give a path to write to.")
    }
  }
}

/// `box,label,conf,track,zones` or `none`.
struct OverlayArgument: ExpressibleByArgument {
  var parts: Drawing

  static let all = OverlayArgument(parts: .all)

  init(parts: Drawing) { self.parts = parts }

  init?(argument: String) {
    guard let list = CommaList(argument: argument) else { return nil }
    parts = []
    for item in list.items {
      switch item {
      case "box": parts.insert(.box)
      case "label": parts.insert(.label)
      case "conf": parts.insert(.confidence)
      case "track": parts.insert(.track)
      case "zones": parts.insert(.zones)
      case "areas": parts.insert(.areas)
      case "none" where list.items.count == 1: break
      default: return nil
      }
    }
  }

  var defaultValueDescription: String { "box,label,conf,track,zones" }
}
