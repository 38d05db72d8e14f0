internal import Geometry
internal import Support

/// Writes "CVAT for images 1.1": one XML file in which each frame is an image.
struct CVATImagesExporter: FrameExporter {
  private let file: ExportFile
  private let body: SpoolFile
  private var text = ExportText()
  private var images = 0

  init(_ path: String, folder: String) throws(FileError) {
    file = try ExportFile(path)
    // The classes come before the images, but may be known only after them.
    body = try SpoolFile(in: folder)
  }

  mutating func add(_ frame: ExportedFrame) throws {
    let size = try frame.size(for: "cvat-images")
    text.add("  <image id=\"\(images)\" name=\"")
    text.add(xml: frame.picture)
    text.add("\" width=\"\(size.width)\" height=\"\(size.height)\">\n")
    for object in frame.record.objects {
      text.add("    <box label=\"")
      text.add(xml: object.label)
      text.add("\" source=\"auto\" occluded=\"0\"")
      text.add(corners: object.box)
      text.add(" z_order=\"0\"></box>\n")
    }
    text.add("  </image>\n")
    images += 1
    try body.append(text.bytes)
    text.removeAll()
  }

  mutating func finish(_ classes: ClassTable) throws {
    CVATMeta.add(
      to: &text, name: "stream-detect", frameCount: images, isVideo: false, classes: classes,
      size: nil)
    try file.write(&text)
    try file.write(body)
    try file.write("</annotations>\n".utf8)
    try file.finish()
  }
}

extension ExportText {
  /// Adds CVAT's four attributes for a box.
  mutating func add(corners box: PixelBox) {
    add(" xtl=\"")
    add(box.x, decimals: 2)
    add("\" ytl=\"")
    add(box.y, decimals: 2)
    add("\" xbr=\"")
    add(box.x + box.width, decimals: 2)
    add("\" ybr=\"")
    add(box.y + box.height, decimals: 2)
    add("\"")
  }
}
