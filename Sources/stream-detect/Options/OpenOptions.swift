internal import Support
internal import ArgumentParser
internal import Media

/// How FFmpeg opens and reads a source.
struct OpenOptions: ParsableArguments {
  @Option(help: "Transport for RTSP.")
  var rtspTransport: RTSPTransport = .tcp

  @Option(help: ArgumentHelp("Maximum time to open a source.", valueName: "time"))
  var openTimeout = TimeSpan(seconds: 10)

  @Option(help: ArgumentHelp("Maximum time to wait for data.", valueName: "time"))
  var readTimeout = TimeSpan(seconds: 10)

  @Option(
    help: ArgumentHelp(
      "Largest picture that is decoded, in pixels; a larger one is an error.", valueName: "n"))
  var maxPixels = InputOptions.standardMaxPixels

  @Option(
    help: ArgumentHelp(
      "Option for FFmpeg's demuxer or protocol; an unused option is an error.",
      valueName: "key=value"))
  var inputOpt: [KeyValue] = []

  @Option(
    help: ArgumentHelp(
      "What a playlist may open besides files in its own folder and below: a protocol (http), or "
        + "the path of a file or folder. May be given several times.", valueName: "what"))
  var allow: [String] = []

  func validate() throws {
    if let name = allow.first(where: { $0.isEmpty || $0 == "file" || $0.contains("://") }) {
      throw ValidationError(
        "--allow is '\(name)'; give the name of a protocol, such as http, or a path with a '/'.")
    }
    if let name = allow.first(where: { !InputOptions.isKnown(allowed: $0) }) {
      throw ValidationError(
        "--allow is '\(name)', and FFmpeg has no such protocol; write a path as './\(name)'.")
    }
    for (name, value) in [("--open-timeout", openTimeout), ("--read-timeout", readTimeout)]
    where value.seconds <= 0 {
      throw ValidationError("\(name) is 0; it must be above 0.")
    }
    if maxPixels < 1 {
      throw ValidationError("--max-pixels is \(maxPixels); it must be at least 1.")
    }
  }

  /// The options for a reader.
  var inputOptions: InputOptions {
    var options = InputOptions()
    options.openTimeout = openTimeout.seconds
    options.readTimeout = readTimeout.seconds
    options.rtspTransport = rtspTransport
    options.maxPixels = maxPixels
    options.demuxerOptions = inputOpt.map { .init(key: $0.key, value: $0.value) }
    options.allowed = allow
    return options
  }
}
