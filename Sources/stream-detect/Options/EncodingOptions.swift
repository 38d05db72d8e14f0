internal import ArgumentParser

/// How a video is written.
struct EncodingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Codec of --video: h264, hevc, mpeg4, vp9, mjpeg or ffv1. (default: h264, or one that the "
        + "container supports)", valueName: "name"))
  var videoCodec: String?

  @Option(
    help: ArgumentHelp("Quality of --video: 0 (best) to 51, for VP9 to 63.", valueName: "n"))
  var crf: Double?

  @Option(help: "Whether --video keeps the audio of the source.")
  var audio: AudioHandling = .copy

  enum AudioHandling: String, ExpressibleByArgument, CaseIterable { case copy, none }

  func validate() throws {
    if let crf, !(0...63).contains(crf) {
      throw ValidationError("--crf is \(shortest(crf)); it must be between 0 and 63.")
    }
  }
}
