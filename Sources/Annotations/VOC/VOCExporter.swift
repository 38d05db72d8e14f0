internal import Geometry
internal import Support

/// Writes a data set like Pascal VOC's: `Annotations/NAME.xml` for each frame, a list of the names
/// in `ImageSets/Main/default.txt`, and room for the pictures in `JPEGImages/`.
///
/// A box names its first and last pixel, both inclusive and counted from 1, as `VOCReader` reads
/// them.
struct VOCExporter: FrameExporter {
  private let folder: PartialFolder
  private let list: ExportFile
  private var text = ExportText()

  init(_ folder: PartialFolder) throws(FileError) {
    self.folder = folder
    list = try ExportFile(folder.place(of: "ImageSets/Main/default.txt"))
  }

  mutating func add(_ frame: ExportedFrame) throws {
    text.removeAll()
    text.add("<annotation>\n  <folder>JPEGImages</folder>\n  <filename>")
    text.add(xml: frame.picture)
    text.add("</filename>\n  <source><database>stream-detect</database></source>\n")
    if let width = frame.width, let height = frame.height {
      text.add("  <size><width>\(width)</width><height>\(height)</height><depth>3</depth></size>\n")
    }
    text.add("  <segmented>0</segmented>\n")
    for object in frame.record.objects {
      let box = object.box
      text.add("  <object>\n    <name>")
      text.add(xml: object.label)
      text.add("</name>\n    <pose>Unspecified</pose>\n    <truncated>0</truncated>\n")
      text.add("    <difficult>0</difficult>\n    <confidence>")
      text.add(object.confidence, decimals: 4)
      text.add("</confidence>\n    <bndbox><xmin>")
      text.add(box.x + 1, decimals: 1)
      text.add("</xmin><ymin>")
      text.add(box.y + 1, decimals: 1)
      text.add("</ymin><xmax>")
      text.add(box.x + box.width, decimals: 1)
      text.add("</xmax><ymax>")
      text.add(box.y + box.height, decimals: 1)
      text.add("</ymax></bndbox>\n  </object>\n")
    }
    text.add("</annotation>\n")
    try folder.write(text.bytes, to: "Annotations/\(frame.stem).xml")
    text.removeAll()
    text.add(frame.stem)
    text.add("\n")
    try list.write(&text)
  }

  mutating func finish(_ classes: ClassTable) throws {
    try list.finish()
    text.add("# label:color_rgb:parts:actions\n")
    text.add("background:::\n")
    for name in classes.names { text.add("\(name):::\n") }
    try folder.write(text.bytes, to: "labelmap.txt")
    try folder.finish()
  }

  func discard() { folder.discard() }
}
