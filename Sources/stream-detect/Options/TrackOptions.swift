internal import ArgumentParser
internal import Support
internal import Tracking

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
    if trackTtl.seconds > 3600 {
      throw ValidationError("--track-ttl is longer than an hour.")
    }
  }

  /// The options of the tracker.
  var trackerOptions: TrackerOptions {
    var options = TrackerOptions()
    options.ttl = trackTtl.seconds
    options.minimumDuration = trackMin.seconds
    options.coast = trackCoast.seconds
    options.confirmScore = trackConf
    options.birthScore = min(options.birthScore, trackConf)
    options.highScore = min(options.highScore, trackConf)
    return options
  }
}
