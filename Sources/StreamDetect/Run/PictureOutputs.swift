internal import Logging
internal import Media
internal import Output
internal import Pictures
internal import Pipeline

/// The outputs with pictures that the options request.
struct PictureOutputs {
  private let output: RunOutputs
  private let isLive: Bool
  private let inputs: InputFiles
  private let labels: [String]
  private let run: String
  private let snapshots: SnapshotLog?
  private let place: (@Sendable (String) -> String)?

  /// `inputs` are never written to; `snapshots` is told which pictures of tracks are written;
  /// `place` names a source's files in folders.
  init(
    _ output: RunOutputs, sources: [MediaSource], inputs: InputFiles, labels: [String], run: String,
    snapshots: SnapshotLog? = nil, place: (@Sendable (String) -> String)? = nil
  ) {
    self.place = place
    self.output = output
    self.inputs = inputs
    self.labels = labels
    self.run = run
    self.snapshots = snapshots
    isLive = sources.contains { $0.kind == .live }
  }

  /// A sink for the files, and one for a video that goes to a URL, if they are requested.
  ///
  /// They fail separately: the files are required, but a receiver that is lost is tried again.
  ///
  /// - Throws: `SinkError` for a video file that cannot be written.
  func makeSinks(logger: Logger) throws(SinkError) -> [PictureSink] {
    let stream = output.video.flatMap { isURL($0) ? $0 : nil }
    let video = stream == nil ? output.video : nil
    var sinks: [PictureSink] = []
    if video != nil || output.frames != nil || output.crops != nil || output.snapshots != nil {
      sinks.append(
        PictureSink(
          video ?? output.frames ?? output.crops ?? output.snapshots ?? "", policy: .required,
          annotator: annotator(logger),
          video: try video.map { path throws(SinkError) in try videoOutput(path, logger) },
          frames: output.frames.map(pictures), crops: output.crops.map(pictures),
          snapshots: output.snapshots.map(pictures), log: snapshots, labels: labels, run: run,
          logger: logger))
    }
    if let stream {
      // A live view shows the newest frames; of a file every frame is sent.
      let policy = SinkPolicy(
        failure: .keepsTrying(ReconnectPolicy()), whenFull: isLive ? .dropOldest : .block)
      sinks.append(
        PictureSink(
          redacted(stream), policy: policy,
          annotator: annotator(sinks.isEmpty ? logger : nil),
          video: try videoOutput(stream, logger), frames: nil, crops: nil, labels: labels,
          run: run, logger: logger))
    }
    return sinks
  }

  /// `logger` is told if labels can't be drawn; `nil` where that has been said.
  private func annotator(_ logger: Logger?) -> Annotator {
    Annotator(overlay: output.drawing.overlay, labels: labels, font: font(logger))
  }

  private func pictures(_ folder: String) -> OutputTree {
    tree(folder, .pictures)
  }

  private func tree(_ folder: String, _ content: OutputTree.Content) -> OutputTree {
    OutputTree(root: folder, content: content, inputs: inputs, place: place)
  }

  private func videoOutput(_ path: String, _ logger: Logger) throws(SinkError) -> VideoOutput {
    let target: VideoOutput.Target =
      isFolderTarget(path)
      ? .folder(tree(path, .videos)) : .single(path)
    return try VideoOutput(
      target,
      options: .init(
        codec: output.encoding.codec, crf: output.encoding.crf,
        copiesAudio: output.encoding.copiesAudio),
      logger: logger)
  }

  /// The font for labels; boxes are drawn without one.
  private func font(_ logger: Logger?) -> Font? {
    guard output.drawing.hasText, output.video != nil || output.frames != nil else {
      return nil
    }
    do {
      return try Font.system()
    } catch {
      logger?.warning("labels are not drawn: \(error)")
      return nil
    }
  }
}
