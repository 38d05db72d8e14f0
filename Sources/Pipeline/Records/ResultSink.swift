/// Takes results where they shall go: a file, a video, a program.
///
/// The pipeline calls a sink on one serial queue only, so a sink needs no lock and need not be
/// `Sendable`. Each source's records come in order: its start, its frames by rising index with gaps
/// between them, its end; records of several live sources alternate. A source that can't be opened
/// has an end only.
///
/// A sink that takes its time slows the decoding of files down; for live sources frames are dropped
/// meanwhile, as the policy says. A sink that throws is not called again, and its error ends the run:
/// frames that wait are dropped, and the other sinks get the end of each source.
public protocol ResultSink: AnyObject {
  /// Whether results must carry their picture; it is given up right after scaling otherwise.
  var wantsPictures: Bool { get }

  /// Whether results must carry the audio of their source.
  var wantsAudio: Bool { get }

  /// A source has been opened.
  func sourceStarted(_ start: SourceStart) throws

  /// A frame has been looked at.
  func frame(_ result: FrameResult) throws

  /// A live source was lost, or is back.
  func gap(_ gap: Gap) throws

  /// A source has ended; no record of it follows.
  func sourceEnded(_ end: SourceEnd) throws
}

extension ResultSink {
  /// Pictures are not wanted unless said.
  public var wantsPictures: Bool { false }

  /// Audio is not wanted unless said.
  public var wantsAudio: Bool { false }

  /// Gaps are passed over unless said.
  public func gap(_ gap: Gap) {}
}
