import CFFmpeg

/// What giving out only the frames that are wanted takes besides a decoder.
struct FrameChoosing {
  /// Decides, until there is a plan.
  var chooser: any FrameChooser
  var parser: PictureParser?
  /// Whether pictures are presented in the order in which they are decoded.
  var isInOrder = false
  /// Set while it is found out whether packets can be believed.
  var trial: DecodingTrial?
  /// Set as soon as they can.
  var plan: DecodingPlan?
  /// Set once it has been read; empty if there is none that can be used.
  var index: SampleIndex??
  /// Where the last packet of the video was in the file.
  var position: Int64 = -1
  /// The time by which the first picture has to be presented that is read after a jump, in ticks.
  var landing: Int64?
  /// The packets before the last keyframe that was sought: FFmpeg may have gone farther back.
  var soughtPackets = 0
  /// Whether a frame was wanted.
  var hasGivenOut = false
  /// The picture that is decoded next.
  var current: (number: Int, isFree: Bool) = (0, false)
  /// The picture that the decoder starts with; 0 if its frame has come.
  var firstNumber = 0
  /// Whether the packets have been read to their end.
  var isAtEnd = false
  /// Whether neither this frame nor a later one is wanted.
  var hasEnded = false
  /// Whether something was met that the plan didn't foresee.
  var hasFailed = false
  /// The last frame that wasn't wanted.
  var lastPassed: (time: PresentationTime, t: Double)?
  /// Packets that were decoded since there is a plan.
  var decodedPackets = 0
  /// How often packets were not even read.
  var jumps = 0

  /// Notes an error of the decoder.
  mutating func noteDamage() {
    trial?.noteDamage()
    if plan != nil { hasFailed = true }
  }
}

extension MediaError.Code {
  /// A source can't be read as it was planned; for nobody but `ChosenFrames`.
  static let lostPlan: Self = "lost_plan"
}

extension MediaError {
  /// Reading on as planned would give other frames than decoding everything.
  static func lostPlan(_ reason: StaticString) -> MediaError {
    MediaError(
      .lostPlan, source: "", message: "It can't be read in parts: \(reason).",
      remedy: "Decode all of it.")
  }
}
