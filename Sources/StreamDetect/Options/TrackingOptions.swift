internal import Pipeline
internal import Tracking

/// How objects are tracked: followed from frame to frame, so that each keeps one number.
///
/// Times are in seconds, so they fit any frame rate. Low scores help to keep a track: a
/// ``ObjectOptions/confidence`` of 0.2 with a ``confidence`` of 0.5 here reports as many objects as
/// 0.5 alone, with fewer gaps.
public struct TrackingOptions: Hashable, Sendable {
  /// What a frame's tracks may depend on.
  public enum Mode: Hashable, Sendable {
    /// On the frames up to it.
    case online
    /// On the frames of the seconds after it, too: gaps are filled, fragments joined, boxes
    /// smoothed in both directions, and clutter is dropped.
    ///
    /// Results come some seconds of the video later. Only for files, and without pictures.
    case offline
  }

  /// What a frame's tracks may depend on.
  public var mode = Mode.online
  /// How long a track is kept while its object isn't found; stationary objects are kept longer.
  public var timeToLive = TrackerOptions().ttl
  /// How long an object has to be followed before it gets a number.
  public var minimumDuration = TrackerOptions().minimumDuration
  /// How long the box of an object is predicted while it isn't found; 0 for never.
  public var predictionTime = TrackerOptions().coast
  /// The median confidence from which a track is reported, 0 to 1.
  public var confidence = TrackerOptions().confirmScore
  /// Whether tracked objects get boxes that are smoothed by their motion.
  public var smoothsBoxes = true

  /// Creates the default options; values are checked when they are used.
  public init() {}
}

extension TrackingOptions {
  /// The options in the tracker's terms.
  ///
  /// - Throws: `StreamDetectError.options` for a value out of range.
  func objectTracking() throws(StreamDetectError) -> ObjectTracking {
    try require((0...1).contains(confidence), "confidence", confidence, "between 0 and 1")
    for (name, seconds) in [
      ("timeToLive", timeToLive), ("minimumDuration", minimumDuration),
      ("predictionTime", predictionTime),
    ] {
      try require((0...3600).contains(seconds), name, seconds, "between 0 and 3600 seconds")
    }
    var options = TrackerOptions()
    options.ttl = timeToLive
    options.minimumDuration = minimumDuration
    options.coast = predictionTime
    options.report(above: confidence)
    return ObjectTracking(
      options: options, smoothsBoxes: smoothsBoxes, isOffline: mode == .offline)
  }

  /// Refuses to track offline what can't wait.
  ///
  /// - Throws: `StreamDetectError.options`.
  func check(for sources: [MediaSource], hasPictures: Bool) throws(StreamDetectError) {
    guard mode == .offline else { return }
    if hasPictures {
      throw Self.failure(
        "Offline tracking takes seconds of video, and pictures can't wait that long.",
        remedy: "Track online, or write the JSON lines first and track those offline.")
    }
    if let live = sources.first(where: { $0.kind == .live }) {
      throw Self.failure(
        "\(live.name) is live, and offline tracking has to wait for what comes later.",
        remedy: "Track online.")
    }
  }

  /// An error about offline tracking.
  static func failure(_ message: String, remedy: String) -> StreamDetectError {
    .options(OptionFailure("tracking", "offline", message: message, remedy: remedy))
  }
}
