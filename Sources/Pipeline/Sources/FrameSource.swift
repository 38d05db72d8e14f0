package import Media

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

  /// The audio packets read since the last call.
  func takeAudio() -> [Packet]

  /// Has `body` called during `next()`, on its thread, with audio packets that would accumulate.
  func passAudioOn(to body: @escaping ([Packet]) -> Void)
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
