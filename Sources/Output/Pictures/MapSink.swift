internal import Media
internal import Pictures
public import Pipeline
internal import Support

/// Writes the class of each pixel as indexed PNG pictures: `DIR/SOURCE/000123.png`, of an image
/// `DIR/SOURCE.png`, of a live source `DIR/SOURCE/RUN/000123.png`.
public final class MapSink: ResultSink {
  /// The folder.
  public var sinkName: String { tree.root }
  private let tree: OutputTree
  private let run: String
  private var kinds: [String: SourceKind] = [:]

  /// Creates a sink for maps in a folder; `run` is the id of the run, for names.
  public init(_ tree: OutputTree, run: String) {
    self.tree = tree
    self.run = run
  }

  /// Notes what kind of source it is.
  public func sourceStarted(_ start: SourceStart) { kinds[start.source] = start.info.kind }

  /// Writes a frame's map.
  ///
  /// - Throws: `SinkError`, or `MediaError` if the file cannot be written.
  public func frame(_ result: FrameResult) throws {
    guard let map = result.pixelClasses else { return }
    let kind = kinds[result.source] ?? .file
    let path =
      kind == .image
      ? try tree.file(for: result.source)
      : try tree.picture(
        "\(padded(result.index, 6)).png", of: result.source, run: kind == .live ? run : nil)
    let colors = map.counts.indices.map { $0 == 0 ? Color.black : ClassPalette.color(of: $0) }
    do {
      try ImageFile.write(map, colors: colors, path: path)
    } catch {
      throw SinkError(.outputFailed, "\(error)")
    }
  }

  /// Gives the source's folder free.
  public func sourceEnded(_ end: SourceEnd) {
    kinds[end.source] = nil
    tree.close(end.source)
  }
}
