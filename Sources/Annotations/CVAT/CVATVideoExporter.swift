internal import Geometry
internal import Support

/// Writes "CVAT for video 1.1": an XML file for each source, with one `<track>` for each object.
///
/// CVAT draws a box on until a keyframe says that it is `outside`, so each track has one where it
/// isn't found any more: the first frame without it among those that were analysed. Between
/// analysed frames CVAT interpolates.
struct CVATVideoExporter: FrameExporter {
  private final class Task {
    var tracks: ObjectTracks
    let body: SpoolFile
    private var text = ExportText()
    private var count = 0

    init(in folder: String) throws(FileError) {
      tracks = ObjectTracks(in: folder)
      body = try SpoolFile(in: folder)
    }

    func write(_ object: ObjectStep) throws {
      if object.isFirst {
        text.add("  <track id=\"\(count)\" label=\"")
        text.add(xml: object.label)
        text.add("\" source=\"auto\">\n")
        count += 1
      }
      text.add("    <box frame=\"")
      text.add(object.step.frame)
      text.add(object.step.isGone ? "\" outside=\"1\"" : "\" outside=\"0\"")
      text.add(" occluded=\"0\" keyframe=\"1\"")
      text.add(corners: object.step.box)
      text.add(" z_order=\"0\"></box>\n")
      if object.next == nil { text.add("  </track>\n") }
      try body.append(text.bytes)
      text.removeAll()
    }
  }

  private let outputs: SourceOutputs
  private var tasks: [String: Task] = [:]

  init(_ outputs: SourceOutputs) { self.outputs = outputs }

  mutating func add(_ frame: ExportedFrame) throws {
    let task = try tasks[frame.source.name] ?? Task(in: outputs.spoolFolder)
    tasks[frame.source.name] = task
    try task.tracks.add(frame) { try task.write($0) }
  }

  mutating func end(_ source: ExportedSource, _ classes: ClassTable) throws {
    let task = try tasks.removeValue(forKey: source.name) ?? Task(in: outputs.spoolFolder)
    try task.tracks.finish { try task.write($0) }
    let file = try outputs.file(of: source)
    var text = ExportText()
    CVATMeta.add(
      to: &text, name: source.name,
      frameCount: max(source.frameCount ?? 0, task.tracks.lastFrame + 1), isVideo: true,
      classes: classes, size: source.size)
    try file.write(&text)
    try file.write(task.body)
    try file.write("</annotations>\n".utf8)
    try file.finish()
  }

  func finish(_ classes: ClassTable) throws { try outputs.finish() }

  func discard() { outputs.discard() }
}
