internal import Geometry
internal import Support

/// Writes subtitles in Advanced SubStation Alpha for each source, which draw the boxes and their
/// labels over the video in any player.
///
/// Each class has a colour, and positions are in pixels of the frame (`PlayResX`, `PlayResY`).
struct ASSExporter: FrameExporter {
  private final class Task {
    let file: ExportFile
    var cues = Cues()

    init(_ file: ExportFile) { self.file = file }
  }

  private let outputs: SourceOutputs
  private var tasks: [String: Task] = [:]

  init(_ outputs: SourceOutputs) { self.outputs = outputs }

  mutating func add(_ frame: ExportedFrame) throws {
    let task = try tasks[frame.source.name] ?? begin(frame.source, frame.size(for: "ass"))
    tasks[frame.source.name] = task
    if let cue = task.cues.add(Self.drawing(frame), at: frame.seconds) { try write(cue, to: task) }
  }

  private func begin(
    _ source: ExportedSource, _ size: (width: Int, height: Int)
  ) throws -> Task {
    let task = Task(try outputs.file(of: source))
    var text = ExportText()
    text.add("[Script Info]\nScriptType: v4.00+\nWrapStyle: 2\nScaledBorderAndShadow: yes\n")
    text.add("PlayResX: \(size.width)\nPlayResY: \(size.height)\n\n[V4+ Styles]\n")
    text.add("Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, ")
    text.add("BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, ")
    text.add("BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n")
    let points = max(size.height / 36, 10)
    for (name, outline) in [("Box", max(size.height / 300, 1)), ("Label", 1)] {
      text.add("Style: \(name),sans-serif,\(points),&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,")
      text.add("0,0,0,0,100,100,0,0,1,\(outline),0,7,0,0,0,1\n")
    }
    text.add("\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, ")
    text.add("Effect, Text\n")
    try task.file.write(&text)
    return task
  }

  /// One line of the file for each line of the cue.
  private func write(_ cue: Cue, to task: Task) throws(FileError) {
    var text = ExportText()
    for line in cue.text.utf8.split(separator: UInt8(ascii: "\n")) {
      text.add("Dialogue: 0,")
      text.add(time: cue.start, digits: 2)
      text.add(",")
      text.add(time: cue.end, digits: 2)
      text.add(",")
      text.add(String(Substring(line)))
      text.add("\n")
    }
    try task.file.write(&text)
  }

  /// Style, margins and text of two lines for each object: its box and its label.
  private static func drawing(_ frame: ExportedFrame) -> String {
    var text = ""
    for (object, classNumber) in zip(frame.record.objects, frame.classes) {
      let box = object.box
      func pixel(_ value: Double) -> Int { Int(value.rounded()) }
      let (left, top) = (pixel(box.x), pixel(box.y))
      let (right, bottom) = (pixel(box.x + box.width), pixel(box.y + box.height))
      let color = colors[(classNumber - 1) % colors.count]
      text += "Box,,0,0,0,,{\\an7\\pos(0,0)\\1a&HFF&\\3c&H\(color)&\\p1}"
      text += "m \(left) \(top) l \(right) \(top) \(right) \(bottom) \(left) \(bottom)\n"
      let number = object.trackID.map { " \($0)" } ?? ""
      text += "Label,,0,0,0,,{\\an1\\pos(\(left),\(max(top, 12)))\\c&H\(color)&}"
      text += plain(object.label) + number + "\n"
    }
    return text
  }

  /// A label without what has a meaning in the format.
  private static func plain(_ label: String) -> String {
    String(
      String.UnicodeScalarView(
        label.unicodeScalars.map { scalar in
          switch scalar {
          case "{": "("
          case "}": ")"
          case "\\": "/"
          case "\u{0}"..<"\u{20}": " "
          default: scalar
          }
        }))
  }

  /// Blue, green and red in hexadecimal digits: eight hues that differ in brightness, too.
  private static let colors = [
    "00D7FF", "FFC040", "60E060", "5050FF", "FF60D0", "00A5FF", "FFFF60", "C0C0C0",
  ]

  mutating func end(_ source: ExportedSource, _ classes: ClassTable) throws {
    let task =
      try tasks.removeValue(forKey: source.name) ?? begin(source, source.size ?? (1280, 720))
    if let cue = task.cues.finish() { try write(cue, to: task) }
    try task.file.finish()
  }

  func finish(_ classes: ClassTable) throws { try outputs.finish() }

  func discard() { outputs.discard() }
}
