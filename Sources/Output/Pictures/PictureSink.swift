public import Pipeline
internal import Media
internal import Pictures

/// Writes pictures of what was found: an annotated video, annotated frames, cut-out objects.
///
/// Each frame is converted once for all of them. Objects are cut out before anything is drawn.
public final class PictureSink: ResultSink {
  private let annotator: Annotator
  private let video: VideoOutput?
  private let frames: FrameImages?
  private let crops: CropImages?
  private let converter = PictureConverter()
  private var images: Set<String> = []

  /// Creates a sink with the outputs that are asked for.
  ///
  /// `frames` and `crops` are folders; `labels` are the model's names by class id.
  public init(
    annotator: Annotator, video: VideoOutput?, frames: OutputTree?, crops: OutputTree?,
    labels: [String]
  ) {
    self.annotator = annotator
    self.video = video
    self.frames = frames.map { FrameImages(tree: $0) }
    self.crops = crops.map { CropImages(tree: $0, labels: labels) }
  }

  /// Pictures are what it writes.
  public var wantsPictures: Bool { true }
  /// Audio is copied into videos.
  public var wantsAudio: Bool { video?.copiesAudio == true }

  /// Opens the source's video.
  ///
  /// - Throws: `SinkError`, as all records do.
  public func sourceStarted(_ start: SourceStart) throws {
    if start.info.kind == .image { images.insert(start.source) }
    try asOutput { try video?.begin(start) }
  }

  /// Writes the frame's pictures.
  public func frame(_ result: FrameResult) throws {
    guard let frame = result.frame else { return }
    try asOutput {
      let picture = try Picture(frame, converter: converter)
      try crops?.write(picture, of: result)
      annotator.draw(result.detections, on: picture)
      try frames?.write(picture, of: result, isImage: images.contains(result.source))
      try video?.write(picture, at: frame.presentationTime, of: result)
    }
  }

  /// Completes the source's video.
  public func sourceEnded(_ end: SourceEnd) throws {
    images.remove(end.source)
    try asOutput { try video?.end(end) }
  }
}

/// Runs `body`; a fault of the media library is one of the output here.
func asOutput(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as MediaError {
    throw SinkError(.outputFailed, "\(error)")
  }
}
