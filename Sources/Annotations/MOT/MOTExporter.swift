internal import Geometry
internal import Support

/// Writes what the MOTChallenge calls a sequence for each source: `NAME/gt/gt.txt` with tracks, or
/// `NAME/det/det.txt` with detections, and `NAME/seqinfo.ini`.
///
/// Frames, objects and pixels count from 1 (Dendorfer et al. 2020, arXiv:2003.09003, section 5). A
/// line of `gt.txt` is `frame,id,x,y,width,height,1,class,1`; of `det.txt`,
/// `frame,-1,x,y,width,height,score,-1,-1,-1`. Objects without a track are left out of `gt.txt`.
struct MOTExporter: FrameExporter {
  private let folder: PartialFolder
  private let isDetections: Bool
  private var text = ExportText()
  /// The files of the sources that haven't ended, by the sources' names.
  private var open: [String: (file: ExportFile, last: Int)] = [:]
  /// Objects that have no track, and so no place.
  private(set) var leftOut = 0

  init(_ folder: PartialFolder, isDetections: Bool) {
    self.folder = folder
    self.isDetections = isDetections
  }

  mutating func add(_ frame: ExportedFrame) throws {
    let name = frame.source.name
    let file = try open[name]?.file ?? file(of: frame.source)
    open[name] = (file, frame.record.index)
    for (object, classNumber) in zip(frame.record.objects, frame.classes) {
      guard isDetections || object.trackID != nil else {
        leftOut += 1
        continue
      }
      text.add(frame.record.index + 1)
      text.add(",")
      text.add(isDetections ? -1 : object.trackID ?? -1)
      let box = object.box
      for value in [box.x + 1, box.y + 1, box.width, box.height] {
        text.add(",")
        text.add(value, decimals: 1)
      }
      text.add(",")
      if isDetections {
        text.add(object.confidence, decimals: 4)
        text.add(",-1,-1,-1\n")
      } else {
        text.add("1,\(classNumber),1\n")
      }
    }
    try file.write(&text)
  }

  private func file(of source: ExportedSource) throws(FileError) -> ExportFile {
    let name = isDetections ? "det/det.txt" : "gt/gt.txt"
    return try ExportFile(folder.place(of: "\(source.stem)/\(name)"))
  }

  mutating func end(_ source: ExportedSource, _ classes: ClassTable) throws {
    let state = try open.removeValue(forKey: source.name) ?? (file(of: source), -1)
    try state.file.finish()
    text.add("[Sequence]\nname=\(PathText.name(of: source.stem))\nimDir=img1\n")
    text.add("frameRate=\(Int((source.rate ?? 25).rounded()))\n")
    text.add("seqLength=\(max(source.frameCount ?? 0, state.last + 1))\n")
    text.add("imWidth=\(source.width ?? 0)\nimHeight=\(source.height ?? 0)\nimExt=.jpg\n")
    try folder.write(text.bytes, to: "\(source.stem)/seqinfo.ini")
    text.removeAll()
  }

  mutating func finish(_ classes: ClassTable) throws {
    for name in classes.names { text.add("\(name)\n") }
    try folder.write(text.bytes, to: "labels.txt")
    try folder.finish()
  }

  func discard() { folder.discard() }
}
