internal import Geometry
internal import Support

/// Reads a sequence of the MOTChallenge: `gt/gt.txt` or `det/det.txt`, and `seqinfo.ini` beside
/// their folder.
///
/// Frames, objects and pixels count from 1 in it, and from 0 afterwards; rows that don't count are
/// left out. The names of the classes are in `labels.txt` above the sequence, or else those of the
/// MOTChallenge.
struct MOTSequence {
  /// The file with the rows.
  let path: String

  /// The file of a sequence in `folder`, if it is one.
  static func file(in folder: String) -> String? {
    ["gt/gt.txt", "det/det.txt", "gt.txt", "det.txt"].map { PathText.join(folder, $0) }
      .first { FolderListing.item(at: $0) == .file }
  }

  /// All frames of the sequence; those without objects if `seqinfo.ini` says how many there are.
  func read() throws(AnnotationError) -> [FrameRecord] {
    let file = try MOTChallengeFile(path: path)
    let folder = PathText.folder(above: path)
    let sequence =
      ["gt", "det"].contains(PathText.name(of: folder))
      ? PathText.folder(above: folder) : folder
    let info = try settings(PathText.join(sequence, "seqinfo.ini"))
    let labels = try names(PathText.join(PathText.folder(above: sequence), "labels.txt"))
    var frames: [Int: [ObjectRecord]] = [:]
    let length = info["seqlength"].flatMap { Int($0) } ?? 0
    if (1...Self.mostEmptyFrames).contains(length) {
      for number in 0..<length { frames[number] = [] }
    }
    for row in file.rows where row.counts {
      var object = ObjectRecord(
        label: Self.label(row.classNumber, labels), confidence: min(max(row.score, 0), 1),
        box: row.box)
      (object.box.x, object.box.y) = (row.box.x - 1, row.box.y - 1)
      if row.number > 0 { object.trackID = row.number }
      frames[row.frame - 1, default: []].append(object)
    }
    let rate = info["framerate"].flatMap { Double($0) }.flatMap { $0 > 0 ? $0 : nil }
    let name = info["name"] ?? PathText.name(of: sequence)
    return frames.sorted { $0.key < $1.key }.map { index, objects in
      FrameRecord(
        source: name, index: index, t: rate.map { Double(index) / $0 },
        width: PixelBox.side(info["imwidth"].flatMap { Double($0) }),
        height: PixelBox.side(info["imheight"].flatMap { Double($0) }), objects: objects)
    }
  }

  /// A `seqinfo.ini` that says more is taken for damaged: a sequence has some thousand frames.
  private static let mostEmptyFrames = 1_000_000

  private static func label(_ number: Int, _ labels: [String]) -> String {
    if number > 0, number <= labels.count { return labels[number - 1] }
    // Detections have no class: they are people.
    return number > 0 ? "class \(number)" : labels.first ?? "pedestrian"
  }

  /// `key=value` of each line, keys in lower case.
  private func settings(_ path: String) throws(AnnotationError) -> [String: String] {
    guard FolderListing.item(at: path) == .file else { return [:] }
    var values: [String: String] = [:]
    for line in try TextFile.text(path).split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1).map(\.trimmingWhitespace)
      if parts.count == 2 { values[parts[0].lowercased()] = parts[1] }
    }
    return values
  }

  private func names(_ path: String) throws(AnnotationError) -> [String] {
    guard FolderListing.item(at: path) == .file else { return Self.classes }
    return try TextFile.text(path).split(whereSeparator: \.isNewline).map(\.trimmingWhitespace)
  }

  /// The classes of MOT16, from 1.
  ///
  /// Milan et al. 2016, arXiv:1603.00831, table 3.
  private static let classes = [
    "pedestrian", "person on vehicle", "car", "bicycle", "motorbike", "non motorized vehicle",
    "static person", "distractor", "occluder", "occluder on the ground", "occluder full",
    "reflection",
  ]
}
