internal import Geometry
internal import Support

/// Writes a `FiftyOneImageDetectionDataset` for FiftyOne: `labels.json`, and room for the pictures
/// in `data/`.
///
/// Boxes are `[x, y, width, height]` in fractions of the picture. The key of a picture is its path
/// in `data/` without the suffix.
struct FiftyOneExporter: FrameExporter {
  private let folder: PartialFolder
  private let file: ExportFile
  private var json = JSONWriter()
  private var count = 0

  init(_ folder: PartialFolder) throws(FileError) {
    self.folder = folder
    file = try ExportFile(folder.place(of: "labels.json"))
    try file.write("{\"labels\":{".utf8)
  }

  mutating func add(_ frame: ExportedFrame) throws {
    let size = try frame.size(for: "fiftyone")
    try file.write((count == 0 ? "\n" : ",\n").utf8)
    count += 1
    json.removeAll()
    json.key(frame.stem)
    json.beginArray()
    for object in frame.record.objects {
      let box = object.box.fractions(of: size)
      json.beginObject()
      json.field("label", object.label)
      json.key("bounding_box")
      json.beginArray()
      for value in [box.x, box.y, box.width, box.height] { json.number(value, decimals: 6) }
      json.endArray()
      json.field("confidence", object.confidence, decimals: 4)
      if let track = object.trackID {
        json.key("attributes")
        json.beginObject()
        json.field("track_id", track)
        json.endObject()
      }
      json.endObject()
    }
    json.endArray()
    try file.write(json.bytes)
  }

  mutating func finish(_ classes: ClassTable) throws {
    json.removeAll()
    json.beginArray()
    for name in classes.names { json.string(name) }
    json.endArray()
    try file.write("\n},\"classes\":".utf8)
    try file.write(json.bytes)
    try file.write("}\n".utf8)
    try file.finish()
    try folder.finish()
  }

  func discard() { folder.discard() }
}
