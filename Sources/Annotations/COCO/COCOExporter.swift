internal import Geometry
internal import Support

/// Writes a file like COCO's `instances.json`, with a score for each object.
///
/// Annotations are numbered from 1, images as `COCOImageNumbers` does it. Categories have COCO's
/// own numbers if all of them are COCO's, and else count from 1. Members that COCO doesn't have say
/// where an image is from (`source`, `frame`, `t`) and which track an object belongs to
/// (`track_id`).
struct COCOExporter: FrameExporter {
  private let file: ExportFile
  private let annotations: SpoolFile
  private var json = JSONWriter()
  private var images = COCOImageNumbers()
  private var objects = 0
  private let ids: COCONumbers

  init(_ path: String, folder: String, ids: COCONumbers, version: String) throws(FileError) {
    file = try ExportFile(path)
    annotations = try SpoolFile(in: folder)
    self.ids = ids
    json.beginObject()
    json.field("description", "stream-detect \(version)")
    json.endObject()
    try file.write(#"{"info":"#.utf8)
    try file.write(json.bytes)
    try file.write(#","licenses":[],"images":["#.utf8)
  }

  mutating func add(_ frame: ExportedFrame) throws {
    try file.write((images.count == 0 ? "\n" : ",\n").utf8)
    let image = images.next(for: frame)
    json.removeAll()
    json.beginObject()
    json.field("id", image)
    json.field("file_name", frame.picture)
    if let width = frame.width { json.field("width", width) }
    if let height = frame.height { json.field("height", height) }
    json.field("source", frame.record.source)
    json.field("frame", frame.record.index)
    if let t = frame.record.t { json.field("t", t, decimals: 6) }
    json.endObject()
    try file.write(json.bytes)
    for (object, classNumber) in zip(frame.record.objects, frame.classes) {
      try annotations.append((objects == 0 ? "\n" : ",\n").utf8)
      objects += 1
      json.removeAll()
      json.beginObject()
      json.field("id", objects)
      json.field("image_id", image)
      json.field("category_id", ids.id(of: classNumber))
      json.key("bbox")
      object.box.write(to: &json)
      json.field("area", object.box.area, decimals: 2)
      json.field("iscrowd", 0)
      json.key("segmentation")
      json.beginArray()
      json.endArray()
      json.field("score", object.confidence, decimals: 4)
      if let track = object.trackID { json.field("track_id", track) }
      json.endObject()
      try annotations.append(json.bytes)
    }
  }

  mutating func finish(_ classes: ClassTable) throws {
    try file.write("\n],\"annotations\":[".utf8)
    try file.write(annotations)
    json.removeAll()
    json.beginArray()
    for (place, name) in classes.names.enumerated() {
      json.beginObject()
      json.field("id", ids.id(of: place + 1))
      json.field("name", name)
      json.field("supercategory", "")
      json.endObject()
    }
    json.endArray()
    try file.write("\n],\"categories\":".utf8)
    try file.write(json.bytes)
    try file.write("}\n".utf8)
    try file.finish()
  }
}

/// Which number a class has in COCO's files.
struct COCONumbers {
  private let known: [Int]?

  /// COCO's own numbers for the classes of a model if COCO has all of them, else those of the
  /// model, from 1.
  init(_ model: [String]) { known = model.isEmpty ? nil : COCOIDs.ids(of: model) }

  /// The number of the class that is the `number`th of the export.
  func id(of number: Int) -> Int {
    guard let known else { return number }
    // A class that the model doesn't have: above all of COCO's.
    return number <= known.count ? known[number - 1] : 90 + number - known.count
  }
}

/// Numbers images as people expect it of COCO's files.
///
/// A picture whose name is a number, as those of COCO, has this number. Frames and other pictures
/// are numbered from 1, and so is a picture whose number is taken.
struct COCOImageNumbers {
  /// How many images were numbered.
  private(set) var count = 0
  private var last = 0
  /// The numbers above `last` that are names of pictures.
  private var named: Set<Int> = []

  /// The number of the next image.
  mutating func next(for frame: ExportedFrame) -> Int {
    count += 1
    if frame.source.isPicture, let number = Int(PathText.name(of: frame.stem)), number > last,
      named.insert(number).inserted
    {
      return number
    }
    repeat { last += 1 } while named.contains(last)
    return last
  }
}

/// Writes an array like COCO's results, as pycocotools' `loadRes` reads it.
///
/// Images have the numbers that `coco` gives them.
struct COCOResultsExporter: FrameExporter {
  private let file: ExportFile
  private var json = JSONWriter()
  private var images = COCOImageNumbers()
  private var objects = 0
  private let ids: COCONumbers

  init(_ path: String, ids: COCONumbers) throws(FileError) {
    file = try ExportFile(path)
    self.ids = ids
    try file.write("[".utf8)
  }

  mutating func add(_ frame: ExportedFrame) throws {
    let image = images.next(for: frame)
    for (object, classNumber) in zip(frame.record.objects, frame.classes) {
      json.removeAll()
      json.beginObject()
      json.field("image_id", image)
      json.field("category_id", ids.id(of: classNumber))
      json.key("bbox")
      object.box.write(to: &json)
      json.field("score", object.confidence, decimals: 4)
      json.endObject()
      try file.write((objects == 0 ? "\n" : ",\n").utf8)
      try file.write(json.bytes)
      objects += 1
    }
  }

  mutating func finish(_ classes: ClassTable) throws {
    try file.write("\n]\n".utf8)
    try file.finish()
  }
}
