public import Logging
public import Pipeline
public import Media
internal import Pictures

/// Writes pictures of the results: an annotated video, annotated frames, cropped objects, the best
/// picture of each track.
///
/// Each frame is converted once for all of them. Objects are cropped before anything is drawn.
public final class PictureSink: ResultSink {
  /// What the outputs are called in the summary of the run.
  public let sinkName: String
  /// What happens when they are slow or fail.
  public let sinkPolicy: SinkPolicy
  private let annotator: Annotator
  private let logger: Logger
  private let video: VideoOutput?
  private let frames: FrameImages?
  private let crops: CropImages?
  private let snapshots: SnapshotImages?
  private let converter = PictureConverter()
  /// When a failure was last logged, since the output worked.
  private var lastWarning: ContinuousClock.Instant?
  private var kinds: [String: SourceKind] = [:]
  private var trails: [String: Trails] = [:]

  /// Creates a sink with the outputs that are not `nil`.
  ///
  /// `frames`, `crops` and `snapshots` are folders; `labels` are the model's names by class id;
  /// `run` is the id of the run, for names; `log` is told which snapshots are written. With a
  /// policy that keeps trying, `logger` gets a warning for each failed attempt.
  public init(
    _ name: String, policy: SinkPolicy, annotator: Annotator, video: VideoOutput?,
    frames: OutputTree?, crops: OutputTree?, snapshots: OutputTree? = nil,
    log: SnapshotLog? = nil, labels: [String], run: String, logger: Logger
  ) {
    sinkName = name
    sinkPolicy = policy
    self.logger = logger
    self.annotator = annotator
    self.video = video
    self.frames = frames.map { FrameImages(tree: $0, run: run) }
    self.crops = crops.map { CropImages(tree: $0, labels: labels, run: run) }
    self.snapshots = snapshots.map { SnapshotImages(SnapshotPaths($0, run: run), log: log) }
  }

  /// All outputs need the picture.
  public var wantsPictures: Bool { true }
  /// Only videos have audio.
  public var wantsAudio: Bool { video?.copiesAudio == true }

  /// Opens the source's video.
  ///
  /// - Throws: `SinkError`, as the other calls do.
  public func sourceStarted(_ start: SourceStart) throws {
    kinds[start.source] = start.info.kind
    snapshots?.begin(start)
    try asOutput { try video?.begin(start) }
  }

  /// Writes the frame's pictures.
  public func frame(_ result: FrameResult) throws {
    try asOutput {
      defer { snapshots?.advance() }
      guard let frame = result.frame else { return }
      let picture = try Picture(frame, converter: converter)
      let kind = kinds[result.source] ?? .file
      try crops?.write(picture, of: result, kind: kind)
      try snapshots?.write(picture, of: result)
      if let map = result.pixelClasses { try annotator.draw(map, on: picture) }
      if let areas = result.origin.areas { try annotator.draw(areas, on: picture) }
      if let counts = result.zoneCounts {
        try annotator.drawOutlines(of: counts, in: result, on: picture)
      }
      if !result.tracks.isEmpty {
        trails[result.source, default: Trails()].add(result)
        try annotator.draw(trails[result.source, default: Trails()], on: picture)
      }
      try annotator.draw(result, on: picture)
      if let counts = result.zoneCounts {
        try annotator.drawCounts(counts, of: result, on: picture)
      }
      try frames?.write(picture, of: result, kind: kind)
      try video?.write(picture, at: frame.presentationTime, of: result)
    }
  }

  /// Adds to the source's video.
  public func audio(_ packets: [Packet], of source: String) throws {
    try asOutput { try video?.write(packets, of: source) }
  }

  /// Completes the source's video.
  public func sourceEnded(_ end: SourceEnd) throws {
    kinds[end.source] = nil
    trails[end.source] = nil
    frames?.tree.close(end.source)
    crops?.tree.close(end.source)
    try asOutput {
      defer { snapshots?.advance() }
      try snapshots?.end(end.source)
      try video?.end(end)
    }
  }

  /// Ends a source whose pictures aren't wanted: removes its video, which has no name yet.
  package func sourceAbandoned(_ end: SourceEnd) throws {
    video?.discard(end.source)
    var end = end
    end.audio = []
    try sourceEnded(end)
  }

  /// Closes the videos, which are opened anew by the next attempt.
  ///
  /// Of attempts that fail one after the other, one is logged every ten minutes.
  public func didFail(_ error: SinkError, retryIn delay: Double?) {
    video?.abandon()
    if let lastWarning, delay != nil, lastWarning.duration(to: .now) < .seconds(600) { return }
    lastWarning = .now
    let next = delay.map { " Next attempt in \(Int($0.rounded(.up))) s." } ?? " No further attempt."
    logger.warning("\(error.message)\(next)")
  }

  /// Logs that frames are written again.
  public func didRecover() {
    lastWarning = nil
    logger.notice("\(sinkName): output restored.")
  }

  /// Runs `body` and turns an error of the media library into one of the output.
  private func asOutput(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      // The sink that names the pictures must not wait for those that won't come.
      snapshots?.fail()
      guard let error = error as? MediaError else { throw error }
      let kind: SinkError.Kind =
        switch error.code {
        case .outputInUse: .refused
        case "output_codec", "output_format": .unsupported
        default: .outputFailed
        }
      throw SinkError(kind, "\(error)")
    }
  }
}
