internal import Geometry
internal import Support

/// Writes tasks for Label Studio with predictions: a picture is a task with rectangles, any other
/// source one with video rectangles.
///
/// Boxes are percentages of the frame, and frames count from 1. The names are those of Label
/// Studio's templates: `label` and `image` for pictures, `box` and `video` for videos. A keyframe
/// with `enabled` false is the last before an object is gone.
struct LabelStudioExporter: FrameExporter {
  private final class Task {
    var tracks: ObjectTracks
    let body: SpoolFile
    var size = (width: 1, height: 1)
    private var json = JSONWriter()
    private var count = 0
    private var best = 0.0

    init(in folder: String) throws(FileError) {
      tracks = ObjectTracks(in: folder)
      body = try SpoolFile(in: folder)
    }

    func write(_ object: ObjectStep) throws {
      if object.isFirst {
        if count > 0 { try body.append(",".utf8) }
        (count, best) = (count + 1, 0)
        json.removeAll()
        json.beginObject()
        json.field("id", "\(count)")
        json.field("type", "videorectangle")
        json.field("from_name", "box")
        json.field("to_name", "video")
        json.key("value")
        json.beginObject()
        json.key("sequence")
        json.beginArray()
      }
      best = max(best, object.step.confidence)
      if !object.step.isGone {
        json.beginObject()
        json.field("frame", object.step.frame + 1)
        json.field("enabled", object.next.map { !$0.isGone } ?? true)
        json.field("rotation", 0)
        json.percentages(object.step.box, of: size)
        json.field("time", object.step.seconds, decimals: 4)
        json.endObject()
      }
      if object.next == nil {
        json.endArray()
        json.field("labels", [object.label])
        json.endObject()
        json.field("score", best, decimals: 4)
        json.endObject()
      }
      try body.append(json.bytes)
      json.removeBytes()
    }
  }

  private let file: ExportFile
  private let folder: String
  private let prefix: String
  private let version: String
  private var json = JSONWriter()
  private var tasks: [String: Task] = [:]
  private var count = 0

  /// `prefix` comes before the name of each source: where Label Studio finds it.
  init(_ path: String, folder: String, prefix: String, version: String) throws(FileError) {
    file = try ExportFile(path)
    self.folder = folder
    self.prefix = prefix
    self.version = version
    try file.write("[".utf8)
  }

  mutating func add(_ frame: ExportedFrame) throws {
    let size = try frame.size(for: "label-studio")
    guard !frame.source.isPicture else { return try addPicture(frame, size) }
    let task = try tasks[frame.source.name] ?? Task(in: folder)
    tasks[frame.source.name] = task
    task.size = size
    try task.tracks.add(frame) { try task.write($0) }
  }

  private mutating func addPicture(
    _ frame: ExportedFrame, _ size: (width: Int, height: Int)
  ) throws {
    try begin("image", frame.source.name)
    for (number, object) in frame.record.objects.enumerated() {
      json.beginObject()
      json.field("id", "\(count)-\(number + 1)")
      json.field("type", "rectanglelabels")
      json.field("from_name", "label")
      json.field("to_name", "image")
      json.field("original_width", size.width)
      json.field("original_height", size.height)
      json.field("image_rotation", 0)
      json.key("value")
      json.beginObject()
      json.field("rotation", 0)
      json.percentages(object.box, of: size)
      json.field("rectanglelabels", [object.label])
      json.endObject()
      json.field("score", object.confidence, decimals: 4)
      json.endObject()
    }
    close()
    try file.write(json.bytes)
  }

  /// Begins a task in `json`, up to the list of its results.
  private mutating func begin(_ kind: String, _ name: String) throws {
    try file.write((count == 0 ? "\n" : ",\n").utf8)
    count += 1
    json.removeAll()
    json.beginObject()
    json.key("data")
    json.beginObject()
    json.field(kind, prefix + name)
    json.endObject()
    json.key("predictions")
    json.beginArray()
    json.beginObject()
    json.field("model_version", "stream-detect \(version)")
    json.key("result")
    json.beginArray()
  }

  /// Ends the list of results, and the task.
  private mutating func close() {
    json.endArray()
    json.endObject()
    json.endArray()
    json.endObject()
  }

  mutating func end(_ source: ExportedSource, _ classes: ClassTable) throws {
    guard !source.isPicture else { return }
    let task = try tasks.removeValue(forKey: source.name) ?? Task(in: folder)
    try task.tracks.finish { try task.write($0) }
    try begin("video", source.name)
    try file.write(json.bytes)
    try file.write(task.body)
    json.removeAll()
    close()
    try file.write(json.bytes)
  }

  mutating func finish(_ classes: ClassTable) throws {
    try file.write("\n]\n".utf8)
    try file.finish()
  }
}

extension JSONWriter {
  /// Writes a box in percent of the frame.
  fileprivate mutating func percentages(_ box: PixelBox, of size: (width: Int, height: Int)) {
    let part = box.fractions(of: size)
    field("x", part.x * 100, decimals: 4)
    field("y", part.y * 100, decimals: 4)
    field("width", part.width * 100, decimals: 4)
    field("height", part.height * 100, decimals: 4)
  }
}
