internal import Geometry
internal import Support

/// Writes a data set for YOLO: `labels/NAME.txt` for each frame, `data.yaml`, and room for the
/// pictures in `images/`.
///
/// A line is `class x y width height`: the class from 0, the centre and the size in fractions of
/// the frame. A frame without objects has an empty file, which teaches background.
struct YOLOExporter: FrameExporter {
  private let folder: PartialFolder
  private let writesScores: Bool
  private var text = ExportText()

  /// `writesScores` adds the score to each line, as for predictions.
  init(_ folder: PartialFolder, writesScores: Bool) {
    self.folder = folder
    self.writesScores = writesScores
  }

  mutating func add(_ frame: ExportedFrame) throws {
    let size = try frame.size(for: "yolo")
    text.removeAll()
    for (object, classNumber) in zip(frame.record.objects, frame.classes) {
      let box = object.box.fractions(of: size)
      text.add(classNumber - 1)
      for value in [box.x + box.width / 2, box.y + box.height / 2, box.width, box.height] {
        text.add(" ")
        text.add(value, decimals: 6)
      }
      if writesScores {
        text.add(" ")
        text.add(object.confidence, decimals: 4)
      }
      text.add("\n")
    }
    try folder.write(text.bytes, to: "labels/\(frame.stem).txt")
  }

  mutating func finish(_ classes: ClassTable) throws {
    text.removeAll()
    text.add("path: .\ntrain: images\nval: images\nnames:\n")
    for (number, name) in classes.names.enumerated() {
      text.add("  \(number): ")
      // A JSON string is a YAML string, whatever is in it.
      var json = JSONWriter()
      json.string(name)
      text.add(String(decoding: json.bytes, as: UTF8.self))
      text.add("\n")
    }
    try folder.write(text.bytes, to: "data.yaml")
    try folder.finish()
  }

  func discard() { folder.discard() }
}

extension PixelBox {
  /// The part of the box that is in a frame, in fractions of it.
  func fractions(of size: (width: Int, height: Int)) -> PixelBox {
    let (columns, rows) = (Double(size.width), Double(size.height))
    let (left, top) = (min(max(x, 0), columns), min(max(y, 0), rows))
    let (right, bottom) = (
      min(max(x + width, left), columns), min(max(y + height, top), rows)
    )
    return PixelBox(
      x: left / columns, y: top / rows, width: (right - left) / columns,
      height: (bottom - top) / rows)
  }
}
