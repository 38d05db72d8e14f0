internal import Logging
internal import Output
internal import Pictures
internal import Pipeline

/// The outputs with pictures that the options request.
struct PictureOutputs {
  private let output: RunOutputs
  private let inputs: Set<FileIdentity>
  private let labels: [String]

  init(_ output: RunOutputs, sources: [MediaSource], labels: [String]) {
    self.output = output
    self.labels = labels
    inputs = OutputCheck(sources: sources).inputs
  }

  /// The sink, or `nil` if no output has pictures.
  func makeSink(logger: Logger) -> PictureSink? {
    guard output.hasPictures else { return nil }
    let annotator = Annotator(overlay: output.drawing.overlay, labels: labels, font: font(logger))
    return PictureSink(
      annotator: annotator, video: output.video.map { videoOutput($0, logger) },
      frames: output.frames.map(tree),
      crops: output.crops.map(tree), labels: labels)
  }

  private func tree(_ folder: String) -> OutputTree { OutputTree(root: folder, inputs: inputs) }

  private func videoOutput(_ path: String, _ logger: Logger) -> VideoOutput {
    VideoOutput(
      isFolderTarget(path) ? .folder(tree(path)) : .single(path),
      options: .init(
        codec: output.encoding.codec, crf: output.encoding.crf,
        copiesAudio: output.encoding.copiesAudio),
      logger: logger)
  }

  /// The font for labels; boxes are drawn without one.
  private func font(_ logger: Logger) -> Font? {
    guard output.drawing.hasText, output.video != nil || output.frames != nil else {
      return nil
    }
    do {
      return try Font.system()
    } catch {
      logger.warning("labels are not drawn: \(error)")
      return nil
    }
  }
}
