package import Foundation

/// The results of a detector, read from a file.
public struct PredictionFile: Sendable {
  /// The results, by the way in which they refer to images.
  public enum Content: Sendable {
    /// Frames of named sources: JSON lines.
    case frames([FrameRecord])
    /// Objects in images of a data set, which are known by id: COCO results.
    case results([COCOResult])
  }

  /// What was read.
  public var content: Content
  /// How many classes the model has, if the file says so.
  public var classCount: Int?
  /// The names of the classes that were searched for, if the file says so.
  public var classNames: [String]?

  /// Reads JSON lines (`stream-detect/1`) or an array of COCO results.
  ///
  /// - Throws: `AnnotationError` that names the damaged line or entry.
  public init(path: String) throws(AnnotationError) {
    try self.init(TextFile.contents(path), path: path)
  }

  /// Reads `data`, the contents of `path`.
  package init(_ data: Data, path: String) throws(AnnotationError) {
    let whitespace = Set(" \t\r\n".utf8)
    if data.first(where: { !whitespace.contains($0) }) == UInt8(ascii: "[") {
      content = .results(try COCOResult.array(data, path: path))
      return
    }
    var frames: [FrameRecord] = []
    var reader = RecordReader(data, path: path)
    while let record = try reader.next(of: [.run, .frame]) {
      switch record {
      case .run(let run):
        classCount = run.model?.classCount
        classNames = run.searchedClasses
      case .frame(let frame): frames.append(frame)
      case .source, .classes, .segments, .event, .gap, .end, .summary: break
      }
    }
    guard !frames.isEmpty else {
      throw AnnotationError(
        path: path, message: "It has no line of type 'frame'.",
        remedy: "Give the JSON lines of a run over the images of the truth.")
    }
    content = .frames(frames)
  }
}
