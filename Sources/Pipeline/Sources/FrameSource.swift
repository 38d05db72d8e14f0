package import Media

/// How far a source has come that gives out some of its frames only.
package struct ChosenSoFar {
  /// Frames so far, given out or not.
  package var frames: Int
  /// Whether it ended because no later frame is selected.
  package var hasEnded: Bool
  /// The last frame that was left out: its time stamp in seconds, and its time from the first.
  package var lastPassed: (stamp: Double, t: Double)?
}

/// The frames of an opened source; for one thread at a time.
package protocol FrameSource: AnyObject {
  var info: StreamInfo { get }
  /// The audio stream whose packets `takeAudio` gives.
  var audio: AudioParameters? { get }
  /// Packets so far that could not be decoded.
  var failedFrames: Int { get }
  /// Frames so far that weren't decoded, because decoding didn't keep up with a live source.
  var leftOutFrames: Int { get }
  /// Whether it may be a file, though it is read as a live source: nothing is to be left out.
  var mayBeFile: Bool { get }
  /// Time stamps repaired so far.
  var repairedTimestamps: Int { get }
  /// What the stream didn't deliver of what it declared; known at its end.
  var shortfall: Shortfall? { get }

  /// The next frame in order of presentation; `nil` at the end of the stream.
  ///
  /// Its index and time count from the first frame of this opening, and it has no source's name
  /// yet.
  func next() throws(MediaError) -> Frame?

  /// Makes `next()` give only the frames that `selector` takes, if that saves work; called before
  /// the first frame.
  ///
  /// Returns whether it will; the indices of the frames then show how many were left out.
  func choose(_ selector: FrameSelector) -> Bool

  /// What the source knows of frames that it left out; `nil` if it leaves none out.
  var chosen: ChosenSoFar? { get }

  /// The audio packets read since the last call.
  func takeAudio() -> [Packet]

  /// Has `body` called during `next()`, on its thread, with audio packets that would accumulate.
  func passAudioOn(to body: @escaping ([Packet]) -> Void)
}

extension FrameSource {
  /// Leaves the choice to the caller by default.
  package func choose(_ selector: FrameSelector) -> Bool { false }

  /// None: every frame is given out.
  package var chosen: ChosenSoFar? { nil }
}

extension FrameSource {
  /// Keeps all of it for `takeAudio` by default.
  package func passAudioOn(to body: @escaping ([Packet]) -> Void) {}
}

extension FrameSource {
  /// None: only what arrives at its own pace is left out.
  package var leftOutFrames: Int { 0 }

  /// No: what is live is known to be.
  package var mayBeFile: Bool { false }
}

/// Opens sources on the threads that will read them.
package protocol FrameSourceOpener: Sendable {
  func open(
    _ source: MediaSource, wantsAudio: Bool, cancellation: Cancellation
  ) throws(MediaError) -> any FrameSource
}
