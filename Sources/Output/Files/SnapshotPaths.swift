internal import Media
public import Pipeline
internal import Support

/// Where the best picture of each track is written: `DIR/SOURCE/000007.jpg`, of a live source
/// `DIR/SOURCE/RUN/000007.jpg`.
///
/// Each source gets its folder when it starts. So all who are told of the same starts, in the same
/// order, know the same paths, whether they write the pictures or only name them.
public final class SnapshotPaths {
  /// The folder of all pictures.
  public var root: String { tree.root }
  private let tree: OutputTree
  private let run: String
  private var runs: [String: String] = [:]

  /// Creates paths in `tree`, a folder of pictures; `run` is the id of the run.
  public init(_ tree: OutputTree, run: String) {
    self.tree = tree
    self.run = run
  }

  /// Gives a source its folder.
  public func begin(_ start: SourceStart) {
    if start.info.kind == .live { runs[start.source] = run }
    _ = tree.place(of: start.source, run: runs[start.source])
  }

  /// The path of a track's picture, which may not be there yet.
  public func path(ofTrack id: Int, in source: String) -> String {
    PathText.join(tree.place(of: source, run: runs[source]), Self.name(id))
  }

  /// The same path, in a folder that is made and not an input.
  ///
  /// - Throws: `SinkError`.
  func prepared(forTrack id: Int, in source: String) throws(SinkError) -> String {
    try tree.picture(Self.name(id), of: source, run: runs[source])
  }

  /// Says that no picture of a source will follow.
  func end(_ source: String) {
    runs[source] = nil
    tree.close(source)
  }

  private static func name(_ id: Int) -> String { "\(padded(id, 6)).jpg" }
}
