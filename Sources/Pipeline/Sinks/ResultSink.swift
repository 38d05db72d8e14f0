public import Media

/// Receives results: writes them to a file, a video or another program.
///
/// Each sink has a bounded queue and a thread of its own. Records are queued by the thread that
/// puts the results in order; the sink's own thread takes them and calls the sink, one call after
/// the other. So a sink needs no lock and need not be `Sendable`. It is not called before the run
/// begins or after it has returned.
///
/// The records of each source come in order: its start, its frames by rising index with gaps
/// between them, its end. Records of several live sources alternate. A source that can't be opened
/// has an end only.
///
/// A slow sink doesn't hold up others until its queue is full; then its `sinkPolicy` decides
/// whether the run waits for it or frames are dropped for this sink alone. The policy also decides
/// what a thrown error means. With `endsRun` the sink is not called again, frames that wait are
/// dropped, and the other sinks get the end of each source. With `keepsTrying` the sink misses what
/// comes until the delay is over; then `sourceStarted` is called again for each open source, and
/// frames follow.
public protocol ResultSink: AnyObject {
  /// What the summary of the run calls this output.
  var sinkName: String { get }

  /// What happens when the sink is slow or fails. Asked once, before the run.
  var sinkPolicy: SinkPolicy { get }

  /// Whether results must carry their picture, which is released after scaling otherwise. Asked
  /// once, before the run.
  var wantsPictures: Bool { get }

  /// Whether results must carry the audio of their source. Asked once, before the run.
  var wantsAudio: Bool { get }

  /// A source has been opened, or this sink is tried again while it is open.
  func sourceStarted(_ start: SourceStart) throws

  /// A frame has been analysed.
  func frame(_ result: FrameResult) throws

  /// Audio that doesn't wait for the next frame, which may be long in coming.
  ///
  /// It comes after the audio of the frames before, and only to a sink that wants audio.
  func audio(_ packets: [Packet], of source: String) throws

  /// A live source was lost or restored.
  func gap(_ gap: Gap) throws

  /// A source has ended; it has no further records.
  func sourceEnded(_ end: SourceEnd) throws

  /// A call has failed; the sink will be tried again after `delay` seconds, or never if it is
  /// `nil`.
  ///
  /// Called on the sink's thread, and only with the policy `keepsTrying`.
  func didFail(_ error: SinkError, retryIn delay: Double?)

  /// The sink works again after a failure.
  ///
  /// Called on the sink's thread, and only with the policy `keepsTrying`.
  func didRecover()
}

extension ResultSink {
  /// The name of its type by default.
  public var sinkName: String { "\(Self.self)" }

  /// Required by default.
  public var sinkPolicy: SinkPolicy { .required }

  /// No pictures by default.
  public var wantsPictures: Bool { false }

  /// No audio by default.
  public var wantsAudio: Bool { false }

  /// Ignores audio between frames by default.
  public func audio(_ packets: [Packet], of source: String) {}

  /// Ignores gaps by default.
  public func gap(_ gap: Gap) {}

  /// Reports nothing by default.
  public func didFail(_ error: SinkError, retryIn delay: Double?) {}

  /// Reports nothing by default.
  public func didRecover() {}
}
