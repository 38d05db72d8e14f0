/// The head of CVAT's XML files, version 1.1.
enum CVATMeta {
  /// Adds `<meta>` of a task.
  static func add(
    to text: inout ExportText, name: String, frameCount: Int, isVideo: Bool, classes: ClassTable,
    size: (width: Int, height: Int)?
  ) {
    text.add("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n")
    text.add("  <version>1.1</version>\n  <meta>\n    <task>\n      <name>")
    text.add(xml: name)
    text.add("</name>\n      <size>\(frameCount)</size>\n      <mode>")
    text.add(isVideo ? "interpolation" : "annotation")
    text.add("</mode>\n      <start_frame>0</start_frame>\n")
    text.add("      <stop_frame>\(max(frameCount - 1, 0))</stop_frame>\n      <labels>\n")
    for name in classes.names {
      text.add("        <label><name>")
      text.add(xml: name)
      text.add("</name><type>rectangle</type><attributes></attributes></label>\n")
    }
    text.add("      </labels>\n")
    if let size {
      text.add("      <original_size><width>\(size.width)</width>")
      text.add("<height>\(size.height)</height></original_size>\n")
    }
    text.add("    </task>\n  </meta>\n")
  }
}
