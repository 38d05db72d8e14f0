public import Logging
public import Pipeline
internal import Media
internal import Pictures
internal import Support

/// Writes one annotated video per source.
public final class VideoOutput {
  /// Where videos go.
  public enum Target {
    /// A file or a URL, for a run with one source.
    case single(String)
    /// A folder: `DIR/SOURCE`, with `.mp4` unless the source's own name has the suffix of a video.
    case folder(OutputTree)
  }

  /// How each video is encoded.
  public struct Options: Sendable {
    /// Such as `h264`; `nil` for the container's default.
    public var codec: String?
    /// Quality, 0 is the best; `nil` for the codec's default.
    public var crf: Double?
    /// Whether the audio is copied.
    public var copiesAudio: Bool

    /// Creates options.
    public init(codec: String?, crf: Double?, copiesAudio: Bool) {
      self.codec = codec
      self.crf = crf
      self.copiesAudio = copiesAudio
    }
  }

  var copiesAudio: Bool { options.copiesAudio }
  private let target: Target
  private let options: Options
  private let logger: Logger
  private var writers: [String: VideoWriter] = [:]
  private let conform = PictureConform()
  /// The file of a single video, until it is opened.
  private var claimed: PartialFile?

  /// Creates an output; each video is opened when its source is.
  ///
  /// - Throws: `SinkError` if a single file cannot be made, `refused` if another process writes it.
  public init(_ target: Target, options: Options, logger: Logger) throws(SinkError) {
    self.target = target
    self.options = options
    self.logger = logger
    if case .single(let path) = target, !path.contains("://"), isRegularOutput(path) {
      do { claimed = try PartialFile(path) } catch { throw SinkError(error) }
    }
  }

  func begin(_ start: SourceStart) throws {
    var writing = VideoWriterOptions(
      timeBase: start.info.timeBase, frameRate: start.info.averageFrameRate,
      audio: options.copiesAudio ? start.audio : nil)
    writing.codec = options.codec
    writing.crf = options.crf
    let path = try path(of: start.source)
    defer { claimed = nil }
    writers[start.source] = try VideoWriter(
      path, file: claimed, options: writing, logger: logger)
  }

  func write(_ picture: Picture, at time: PresentationTime, of result: FrameResult) throws {
    guard let writer = writers[result.source] else {
      preconditionFailure("a frame of \(result.source) before its start")
    }
    for packet in result.audio { try writer.write(audio: packet) }
    try writer.write(picture, at: time, conforming: conform)
  }

  func write(_ audio: [Packet], of source: String) throws {
    guard let writer = writers[source] else { return }
    for packet in audio { try writer.write(audio: packet) }
  }

  func end(_ end: SourceEnd) throws {
    guard let writer = writers.removeValue(forKey: end.source) else { return }
    for packet in end.audio { try writer.write(audio: packet) }
    try writer.finish()
  }

  /// Closes the video of a source and removes what was written of it.
  func discard(_ source: String) { writers.removeValue(forKey: source)?.discard() }

  /// Closes all videos without completing them.
  func abandon() { writers = [:] }

  private func path(of source: String) throws -> String {
    switch target {
    case .single(let path): return path
    case .folder(let tree):
      return try tree.file(for: source)
    }
  }
}
