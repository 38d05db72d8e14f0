internal import Foundation
internal import Geometry
internal import Support

/// Writes results as MegaDetector does, format version 1.5: boxes in fractions of the frame.
///
/// A picture is an entry with its detections; any other source is one entry with the frames that
/// were analysed, and a `frame_number`, from 0, for each detection. A source that could not be read
/// has `failure`.
struct MegaDetectorExporter: FrameExporter {
  private final class Video {
    let frames: SpoolFile
    let detections: SpoolFile

    init(in folder: String) throws(FileError) {
      frames = try SpoolFile(in: folder)
      detections = try SpoolFile(in: folder)
    }
  }

  private let file: ExportFile
  private let folder: String
  private var json = JSONWriter()
  private var videos: [String: Video] = [:]
  private var count = 0

  init(_ path: String, folder: String, detector: String, version: String) throws(FileError) {
    file = try ExportFile(path)
    self.folder = folder
    json.beginObject()
    json.key("info")
    json.beginObject()
    json.field("format_version", "1.5")
    json.field("detector", detector)
    json.field("detection_completion_time", Timestamp.text(Date()))
    json.field("generator", "stream-detect \(version)")
    json.endObject()
    json.key("images")
    json.beginArray()
    try file.write(json.bytes)
  }

  mutating func add(_ frame: ExportedFrame) throws {
    let size = try frame.size(for: "megadetector")
    guard frame.source.isPicture else { return try addFrame(frame, size) }
    try begin(frame.source)
    json.key("detections")
    json.beginArray()
    write(frame, size, number: nil)
    json.endArray()
    json.endObject()
    try file.write(json.bytes)
  }

  private mutating func addFrame(
    _ frame: ExportedFrame, _ size: (width: Int, height: Int)
  ) throws {
    let video = try videos[frame.source.name] ?? Video(in: folder)
    videos[frame.source.name] = video
    if video.frames.count > 0 { try video.frames.append(",".utf8) }
    try video.frames.append("\(frame.record.index)".utf8)
    guard !frame.record.objects.isEmpty else { return }
    if video.detections.count > 0 { try video.detections.append(",".utf8) }
    json.removeAll()
    write(frame, size, number: frame.record.index)
    try video.detections.append(json.bytes)
  }

  private mutating func write(
    _ frame: ExportedFrame, _ size: (width: Int, height: Int), number: Int?
  ) {
    for (object, classNumber) in zip(frame.record.objects, frame.classes) {
      let box = object.box.fractions(of: size)
      json.beginObject()
      json.field("category", "\(classNumber)")
      json.field("conf", object.confidence, decimals: 4)
      json.key("bbox")
      json.beginArray()
      for value in [box.x, box.y, box.width, box.height] { json.number(value, decimals: 5) }
      json.endArray()
      if let number { json.field("frame_number", number) }
      json.endObject()
    }
  }

  /// Begins an entry in `json`.
  private mutating func begin(_ source: ExportedSource) throws {
    try file.write((count == 0 ? "\n" : ",\n").utf8)
    count += 1
    json.removeAll()
    json.beginObject()
    json.field("file", source.name)
    if let size = source.size {
      json.field("width", size.width)
      json.field("height", size.height)
    }
  }

  mutating func end(_ source: ExportedSource, _ classes: ClassTable) throws {
    let video = videos.removeValue(forKey: source.name)
    if let failure = source.failure, video == nil {
      try begin(source)
      json.field("failure", failure)
      json.field("detections", nil as String?)
      json.endObject()
      try file.write(json.bytes)
    } else if !source.isPicture {
      try begin(source)
      json.field("frame_rate", source.rate ?? 25, decimals: 6)
      json.key("frames_processed")
      try file.write(json.bytes)
      try file.write("[".utf8)
      if let video { try file.write(video.frames) }
      try file.write("],\"detections\":[".utf8)
      if let video { try file.write(video.detections) }
      try file.write("]}".utf8)
    }
  }

  mutating func finish(_ classes: ClassTable) throws {
    json.removeAll()
    json.beginObject()
    for (place, name) in classes.names.enumerated() { json.field("\(place + 1)", name) }
    json.endObject()
    try file.write("\n],\"detection_categories\":".utf8)
    try file.write(json.bytes)
    try file.write("}\n".utf8)
    try file.finish()
  }
}
