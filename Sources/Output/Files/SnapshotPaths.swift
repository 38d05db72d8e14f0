internal import Media
public import Pipeline
internal import Support

/// Where the best picture of each track is written: `DIR/SOURCE/000007.jpg`, of a live source
/// `DIR/SOURCE/RUN/000007.jpg`.
public final class SnapshotPaths {
  private let tree: OutputTree
  private let run: String
  private var runs: [String: String] = [:]

  /// Creates paths in `tree`, a folder of pictures; `run` is the id of the run.
  public init(_ tree: OutputTree, run: String) {
    self.tree = tree
    self.run = run
  }

  /// Gives a source its folder; without it, a source is taken for a file.
  public func begin(_ start: SourceStart) {
    if start.info.kind == .live { runs[start.source] = run }
    _ = tree.place(of: start.source, run: runs[start.source])
  }

  /// The path of a track's picture, in a folder that is made and not an input.
  ///
  /// - Throws: `SinkError`.
  public func prepared(forTrack id: Int, in source: String) throws(SinkError) -> String {
    try tree.picture("\(padded(id, 6)).jpg", of: source, run: runs[source])
  }

  /// Says that no picture of a source will follow.
  public func end(_ source: String) {
    runs[source] = nil
    tree.close(source)
  }
}
