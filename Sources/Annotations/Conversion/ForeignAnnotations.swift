internal import Geometry
internal import Support

/// Annotations and results in the format of another program, as frames.
///
/// COCO, Pascal VOC, YOLO, MOTChallenge, CVAT and MegaDetector are told apart by what is in the
/// file or folder.
public struct ForeignAnnotations: Sendable {
  /// All frames, those of a source one after the other.
  public let frames: [FrameRecord]
  /// What a user should know about the file, one sentence each.
  public let notes: [String]

  /// Reads `path`.
  ///
  /// `size` is asked for the size in pixels of a picture where the format has boxes in fractions of
  /// it: its name, in YOLO's without the suffix.
  ///
  /// - Throws: `AnnotationError` that names the file and what to do about it.
  public init(
    path: String, size: @escaping (String) -> (width: Int, height: Int)?
  ) throws(AnnotationError) {
    if FolderListing.item(at: path) == .folder {
      if let file = MOTSequence.file(in: path) {
        (frames, notes) = (try MOTSequence(path: file).read(), [])
        return
      }
    } else if PathText.suffix(of: path) == "txt" {
      (frames, notes) = (try MOTSequence(path: path).read(), [])
      return
    } else if PathText.suffix(of: path) == "xml" {
      (frames, notes) = (try CVATReader(path: path).read(), [])
      return
    } else if !["yaml", "yml"].contains(PathText.suffix(of: path)) {
      let data = try TextFile.contents(path)
      if Self.hasKey("detection_categories", in: Array(data)) {
        frames = try MegaDetectorReader(path: path, size: size).read(data)
        notes = []
        return
      }
    }
    let set = try AnnotationSet(path: path)
    frames = try Self.frames(of: set, path: path, size: size)
    notes = set.notes
  }

  /// Whether `"key"` is somewhere in `json`.
  private static func hasKey(_ key: String, in json: [UInt8]) -> Bool {
    let wanted = Array("\"\(key)\"".utf8)
    var place = 0
    while let start = json[place...].firstIndex(of: wanted[0]) {
      if json[start...].starts(with: wanted) { return true }
      place = start + 1
    }
    return false
  }

  private static func frames(
    of set: AnnotationSet, path: String, size: (String) -> (width: Int, height: Int)?
  ) throws(AnnotationError) -> [FrameRecord] {
    var frames: [FrameRecord] = []
    for image in set.images {
      var record = FrameRecord(
        source: image.frame?.source ?? image.name, index: image.frame?.index ?? 0,
        t: image.seconds, width: image.width, height: image.height, objects: [])
      var scale = (x: 1.0, y: 1.0)
      if image.isRelative {
        guard let size = size(image.name) else {
          throw AnnotationError(
            path: path,
            message: "The size of '\(image.name)' is not known, and its boxes are fractions of it.",
            remedy: "Name the folder of the pictures with --images DIR.")
        }
        (record.width, record.height) = (size.width, size.height)
        scale = (Double(size.width), Double(size.height))
      }
      for box in image.boxes where !box.isCrowd {
        record.objects.append(
          ObjectRecord(
            label: set.categories[box.category].name,
            confidence: min(max(box.score ?? 1, 0), 1),
            box: box.box.scaled(x: scale.x, y: scale.y), trackID: box.trackID))
      }
      frames.append(record)
    }
    return frames
  }
}
