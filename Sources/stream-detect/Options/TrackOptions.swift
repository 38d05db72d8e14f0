internal import ArgumentParser
internal import StreamDetect
internal import Support
internal import Tracking

/// Whether `detect` tracks objects.
struct DetectTrackOptions: ParsableArguments {
  enum Mode: String, ExpressibleByArgument, CaseIterable { case off, online, offline }

  @Option(
    help: ArgumentHelp(
      "Give objects numbers that stay the same from frame to frame: online, which is what --track "
        + "alone means, each frame as it comes; offline, for the JSON lines of files, with "
        + "knowledge of what comes later. With --conf 0.2 or less, fewer are lost. (default: off)",
      valueName: "online|offline|off"))
  var track: Mode?
}

/// How objects are tracked.
struct TrackOptions: ParsableArguments {
  enum Boxes: String, ExpressibleByArgument, CaseIterable { case smoothed, detected }

  @Option(
    help: ArgumentHelp(
      "Keep a track without detections for so long; parked objects are kept longer.",
      valueName: "time"))
  var trackTtl = TimeSpan(seconds: TrackerOptions().ttl)

  @Option(
    help: ArgumentHelp("Report objects that were followed for so long.", valueName: "time"))
  var trackMin = TimeSpan(seconds: TrackerOptions().minimumDuration)

  @Option(
    help: ArgumentHelp(
      "Predict the box of an object for so long while it isn't detected; 0 reports detections only.",
      valueName: "time"))
  var trackCoast = TimeSpan(seconds: TrackerOptions().coast)

  @Option(
    help: ArgumentHelp(
      "Report tracks whose median confidence is at least this, 0 to 1.", valueName: "score"))
  var trackConf = TrackerOptions().confirmScore

  @Option(
    help: ArgumentHelp(
      "Boxes of tracked objects: smoothed by their motion, or as they were detected.",
      valueName: "smoothed|detected"))
  var trackBoxes: Boxes = .smoothed

  func validate() throws {
    if !(0...1).contains(trackConf) {
      throw ValidationError("--track-conf is \(trackConf); it must be between 0 and 1.")
    }
    for (name, time) in [
      ("--track-ttl", trackTtl), ("--track-min", trackMin), ("--track-coast", trackCoast),
    ] where time.seconds > 3600 {
      throw ValidationError("\(name) is longer than an hour.")
    }
  }

  /// The options in the library's terms.
  var trackingOptions: TrackingOptions {
    var options = TrackingOptions()
    options.timeToLive = trackTtl.seconds
    options.minimumDuration = trackMin.seconds
    options.predictionTime = trackCoast.seconds
    options.confidence = trackConf
    options.smoothsBoxes = trackBoxes == .smoothed
    return options
  }

  /// The options of the tracker.
  var trackerOptions: TrackerOptions {
    var options = TrackerOptions()
    options.ttl = trackTtl.seconds
    options.minimumDuration = trackMin.seconds
    options.coast = trackCoast.seconds
    options.report(above: trackConf)
    return options
  }
}
