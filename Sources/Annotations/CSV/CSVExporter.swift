internal import Geometry
internal import Support

/// Writes comma-separated values (RFC 4180) with a row for each object.
///
/// A frame without objects has a row of its own, with empty fields after those of the frame.
/// Frames count from 0, and boxes are in pixels of the frame, as in the JSON lines.
struct CSVExporter: FrameExporter {
  private let file: ExportFile
  private var text = ExportText()

  private static let head =
    "source,frame,pts,t,frame_width,frame_height,label,class_id,confidence,x,y,width,height,"
    + "track_id\r\n"

  init(_ path: String) throws(FileError) {
    file = try ExportFile(path)
    try file.write(Self.head.utf8)
  }

  mutating func add(_ frame: ExportedFrame) throws {
    for (object, classNumber) in zip(frame.record.objects, frame.classes) {
      add(frame: frame)
      text.add(csv: object.label)
      text.add(",")
      text.add(classNumber)
      text.add(",")
      text.add(object.confidence, decimals: 4)
      for value in [object.box.x, object.box.y, object.box.width, object.box.height] {
        text.add(",")
        text.add(value, decimals: 1)
      }
      text.add(",")
      if let track = object.trackID { text.add(track) }
      text.add("\r\n")
    }
    if frame.record.objects.isEmpty {
      add(frame: frame)
      text.add(",,,,,,,\r\n")
    }
    try file.write(&text)
  }

  private mutating func add(frame: ExportedFrame) {
    text.add(csv: frame.record.source)
    text.add(",")
    text.add(frame.record.index)
    text.add(",")
    if let pts = frame.record.pts { text.add(pts) }
    text.add(",")
    if let t = frame.record.t { text.add(t, decimals: 6) }
    text.add(",")
    if let width = frame.width { text.add(width) }
    text.add(",")
    if let height = frame.height { text.add(height) }
    text.add(",")
  }

  func finish(_ classes: ClassTable) throws { try file.finish() }
}
