public import Foundation
package import Output

/// Where ``Detector/analyze(_:options:reading:outputs:progress:)`` writes results.
///
///     let outputs = RunOutputs(jsonLines: URL(filePath: "street.jsonl"), crops: folder)
///
/// Files appear under their names when they are finished. A run that is cancelled finishes its
/// files, too: the last line and the report say that it was stopped.
public struct RunOutputs: Hashable, Sendable {
  /// How an annotated video is encoded.
  public struct VideoEncoding: Hashable, Sendable {
    /// `h264`, `hevc`, `mpeg4`, `vp9`, `mjpeg` or `ffv1`; `nil` for H.264, or what the container
    /// takes.
    public var codec: String?
    /// Quality from 0, the best, to 51, of VP9 to 63; `nil` for the codec's usual one.
    public var crf: Double?
    /// Whether the sound is copied.
    public var copiesAudio: Bool

    /// Creates settings.
    public init(codec: String? = nil, crf: Double? = nil, copiesAudio: Bool = true) {
      self.codec = codec
      self.crf = crf
      self.copiesAudio = copiesAudio
    }
  }

  /// Standard output, for JSON lines.
  public static let standardOutput = URL(filePath: "/dev/stdout")

  /// How an annotated video is encoded.
  public var encoding: VideoEncoding
  /// What is drawn on videos and frames.
  public var drawing: Drawing

  /// The path for JSON lines, as a user would write it; `-` is standard output.
  package var jsonLines: String?
  /// Whether JSON lines have frames, and not only events.
  package var writesFrames = true
  /// Whether JSON lines are added to those of an earlier run.
  package var isAppending = false
  /// When the file of JSON lines is put aside and a new one begun; only if they are added.
  package var rotation: LineRotation?
  /// The path or URL for the annotated video; a folder for several.
  package var video: String?
  /// The folder for annotated frames.
  package var frames: String?
  /// The folder for objects that are cut out.
  package var crops: String?
  /// The folder for the best picture of each track.
  package var snapshots: String?
  /// The folder for maps of classes; only of a segmenter.
  package var maps: String?

  /// Creates outputs; those that are `nil` are not written.
  ///
  /// - Parameters:
  ///   - jsonLines: A file for one JSON object per line: the run, each source and each frame with
  ///     its objects. `stream-detect schema` prints the schema.
  ///   - video: An annotated video: a file, a folder if there are several sources, or a URL to
  ///     publish to, such as `rtmp://…`.
  ///   - frames: A folder for each analysed frame, annotated, as `SOURCE/000123.jpg`; of live
  ///     sources `SOURCE/RUN/000123.jpg`.
  ///   - crops: A folder for each object, cut out, as `SOURCE/000123-0-LABEL.jpg`.
  ///   - snapshots: A folder for the best picture of each track, as `SOURCE/000007.jpg` with the
  ///     number of the track; of live sources `SOURCE/RUN/000007.jpg`. Objects are tracked for it
  ///     even without ``ObjectOptions/tracking``.
  ///   - drawing: What is drawn on videos and frames.
  ///   - encoding: How an annotated video is encoded.
  public init(
    jsonLines: URL? = nil, video: URL? = nil, frames: URL? = nil, crops: URL? = nil,
    snapshots: URL? = nil, drawing: Drawing = .all, encoding: VideoEncoding = VideoEncoding()
  ) {
    self.drawing = drawing
    self.encoding = encoding
    self.jsonLines = jsonLines.map { $0 == Self.standardOutput ? "-" : Self.path(of: $0) }
    self.video = video.map(Self.path)
    self.frames = frames.map(Self.path)
    self.crops = crops.map(Self.path)
    self.snapshots = snapshots.map(Self.path)
  }

  /// Whether frames have to carry their pictures.
  var hasPictures: Bool {
    [video, frames, crops, snapshots, maps].contains { $0 != nil }
  }

  private static func path(of url: URL) -> String {
    guard url.isFileURL else { return url.absoluteString }
    let path = url.path
    return url.hasDirectoryPath && !path.hasSuffix("/") ? path + "/" : path
  }
}
