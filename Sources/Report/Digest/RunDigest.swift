package import Annotations
internal import Foundation

/// What happened in the sources of one or more files of JSON lines.
///
/// It is gathered line by line, in memory that is bounded: what a file may hold beyond that is
/// counted or left out, and `isCut` says so.
package struct RunDigest: Sendable {
  /// What ran, from the first line that says so.
  package private(set) var run: RunRecord?
  /// The sources, in the order in which they came; pictures are one source together.
  package private(set) var sources: [SourceDigest] = []
  /// How many sources there are beyond those that are kept.
  package private(set) var leftOut = 0
  /// How many lines are of types that tell nothing about objects.
  package private(set) var otherLines = 0
  /// How many lines tell what a classifier or a segmenter found.
  package private(set) var wholeFrameLines = 0
  /// How many lines could be read.
  package private(set) var lines = 0

  private let keepsCourse: Bool
  /// For how many more classes of sources it is kept when and where their objects are.
  private var detailRoom = DigestLimits.detailedClasses
  private var file = -1
  private var runName = ""
  /// What the run that the next lines are of was asked for.
  private var options: RunRecord.Options?
  /// The sources whose lines may follow.
  private var open: [Key: Int] = [:]
  /// The source that the last line was of: most lines are of the same one as those before them.
  private var current: (name: String, index: Int)?
  private var picturesIndex: Int?
  private var leftOutNames: Set<Key> = []

  private struct Key: Hashable {
    var run: String
    var source: String
  }

  /// Creates an empty digest; with `keepsCourse` it also tells what was when and where.
  package init(keepsCourse: Bool) { self.keepsCourse = keepsCourse }

  /// Whether objects have numbers in any of the sources.
  package var isTracked: Bool { sources.contains(where: \.isTracked) }

  /// Whether there is more than is kept.
  package var isCut: Bool { leftOut > 0 || sources.contains(where: \.isCut) }

  /// The next lines are those of another file.
  package mutating func beginFile() {
    file += 1
    runName = "file \(file)"
    options = nil
    current = nil
  }

  /// Adds a line, the `number`th of the file at `path`.
  ///
  /// - Throws: `AnnotationError` that names the line.
  package mutating func take(
    _ line: [UInt8], path: String, number: Int
  ) throws(AnnotationError) {
    if line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { return }
    let content = try JSONFile.decode(
      ResultLine.self, from: Data(line), path: "\(path):\(number)",
      remedy: "Give JSON lines as 'stream-detect detect --jsonl' writes them.")
    lines += 1
    take(content)
  }

  private mutating func take(_ line: ResultLine) {
    switch line {
    case .run(let record):
      run = run ?? record
      options = record.options
      runName = record.runID ?? runName
      current = nil
    case .source(let line): begin(line)
    case .frame(let frame):
      var room = detailRoom
      update(frame.source) { $0.take(frame, room: &room) }
      detailRoom = room
    case .event(let event): update(event.source) { $0.take(event) }
    case .gap(let gap): update(gap.source) { $0.take(gap) }
    case .end(let end): finish(end)
    case .summary: break
    case .wholeFrame: wholeFrameLines += 1
    case .other: otherLines += 1
    }
  }

  private mutating func begin(_ line: SourceLine) {
    current = nil
    let key = Key(run: runName, source: line.name)
    guard line.kind != SourceRecord.Kind.image.rawValue else {
      let index = picturesIndex ?? add("pictures")
      guard let index else { return leaveOut(key) }
      picturesIndex = index
      sources[index].pictures = (sources[index].pictures ?? 0) + 1
      if sources[index].pictures == 1 { sources[index].take(line) }
      if open.count < DigestLimits.openPictures { open[key] = index }
      return
    }
    // The lines of a rotated file begin with those of the sources that are open.
    guard let index = open[key] ?? add(line.name) else { return leaveOut(key) }
    sources[index].take(line)
    open[key] = index
  }

  private mutating func finish(_ line: EndLine) {
    let key = Key(run: runName, source: line.source)
    update(line.source) { source in
      guard source.pictures == nil else {
        // Of many pictures, those are told of that went wrong.
        if line.status != EndRecord.Status.complete.rawValue {
          (source.status, source.reason) = (line.status, line.reason)
        } else if source.status == nil {
          source.status = line.status
        }
        return
      }
      source.take(line)
    }
    open[key] = nil
    current = nil
  }

  private mutating func update(_ name: String, _ change: (inout SourceDigest) -> Void) {
    if let current, current.name == name { return change(&sources[current.index]) }
    let key = Key(run: runName, source: name)
    guard let index = open[key] ?? add(name) else { return leaveOut(key) }
    open[key] = index
    current = (name, index)
    change(&sources[index])
  }

  private mutating func add(_ name: String) -> Int? {
    guard sources.count < DigestLimits.sources else { return nil }
    let isDetailed = keepsCourse && sources.count < DigestLimits.courses
    var source = SourceDigest(name: name, file: max(file, 0), keepsCourse: isDetailed)
    source.lines = options?.lines.map(\.name) ?? []
    source.zones = options?.zones.map(\.name) ?? []
    sources.append(source)
    return sources.count - 1
  }

  /// Adds a source that was gathered by itself.
  mutating func add(_ source: SourceDigest) { sources.append(source) }

  private mutating func leaveOut(_ key: Key) {
    guard leftOutNames.count < DigestLimits.sources else { return }
    if leftOutNames.insert(key).inserted { leftOut += 1 }
  }
}
