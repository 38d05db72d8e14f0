internal import Annotations
internal import Evaluation
internal import Output
internal import Support

/// One run of `eval --tracks`.
struct TrackEvalRun {
  let command: EvalCommand

  /// A sequence: a name, and the files of its truth and results.
  private struct Sequence {
    var name: String
    var truth: String
    var found: String
  }

  /// Measures each sequence, and writes the table.
  ///
  /// - Throws: `AnnotationError`, `EvaluationError` or `ProgramError`, which mean status 2;
  ///   `SinkError` when the report cannot be written.
  func run() throws {
    guard let pred = command.comparison.pred else {
      preconditionFailure("EvalCommand accepted --tracks without --pred")
    }
    let sequences = try sequences(truth: command.comparison.truth, found: pred)
    try refuseOverwriting(sequences.flatMap { [$0.truth, $0.found] }, with: command.output.output)
    let file = try OutputFile(command.output.output)
    var options = TrackComparison.Options()
    options.leastVisibility = command.tracks.minVisibility
    options.ignoresClasses = command.tracks.anyClass
    let rows = try sequences.map { sequence in
      (sequence.name, try figures(of: sequence, options))
    }
    let text = command.output.format == .json ? Self.json(rows) : Self.table(rows)
    try file.write(Array(text.utf8))
    try file.finish()
  }

  private func figures(
    of sequence: Sequence, _ options: TrackComparison.Options
  ) throws -> TrackFigures {
    let found = try Self.frames(sequence.found)
    if PathText.suffix(of: sequence.truth) == "jsonl" {
      return TrackFigures(
        try TrackComparison(
          truth: Self.frames(sequence.truth), truthPath: sequence.truth, found: found,
          path: sequence.found, options: options
        ).frames)
    }
    return TrackFigures(
      try TrackComparison(
        truth: MOTChallengeFile(path: sequence.truth), found: found, path: sequence.found,
        options: options
      ).frames)
  }

  private static func frames(_ path: String) throws(AnnotationError) -> [FrameRecord] {
    guard case .frames(let frames) = try PredictionFile(path: path).content else {
      throw AnnotationError(
        path: path, message: "COCO results have no tracks.",
        remedy: "Give JSON lines as 'stream-detect track' writes them.")
    }
    return frames
  }

  /// The sequences to compare: two files, or two folders whose sequences have the same names.
  private func sequences(truth: String, found: String) throws -> [Sequence] {
    guard FolderListing.item(at: truth) == .folder else {
      return [Sequence(name: PathText.name(of: found), truth: truth, found: found)]
    }
    let files: [String]
    do {
      files = try FolderListing.files(in: truth, suffixes: ["txt"], isRecursive: true)
    } catch {
      throw ProgramError(
        error.isTimedOut ? .transientFailure : .usage, truth, error.reason,
        remedy: "Check the folder and the folders in it")
    }
    let truths = files.filter { PathText.name(of: $0) == "gt.txt" }
      .sorted(by: FolderListing.precedesInBytes)
    let sequences = truths.map { file in
      // NAME/gt.txt, or NAME/gt/gt.txt as the MOTChallenge has it.
      var name = PathText.folder(above: file)
      if PathText.name(of: name) == "gt" { name = PathText.folder(above: name) }
      return Sequence(
        name: name, truth: PathText.join(truth, file),
        found: PathText.join(found, PathText.name(of: name) + ".jsonl"))
    }
    guard !sequences.isEmpty else {
      throw ProgramError(
        .usage, truth, "no folder in it has a gt.txt",
        remedy: "Give a gt.txt, or a folder with NAME/gt.txt for each sequence")
    }
    return sequences
  }

  private static func table(_ rows: [(String, TrackFigures)]) -> String {
    let head = [
      "sequence", "HOTA", "DetA", "AssA", "LocA", "IDF1", "MOTA", "switches", "missed", "false",
    ]
    func cells(_ name: String, _ figures: TrackFigures) -> [String] {
      let shares = [
        figures.hota, figures.detA, figures.assA, figures.locA, figures.idf1, figures.mota,
      ]
      return [name] + shares.map { decimals($0 * 100, 1) }
        + ["\(figures.switches)", "\(figures.misses)", "\(figures.falseBoxes)"]
    }
    var lines = [head] + rows.map { cells(printable($0.0), $0.1) }
    if rows.count > 1 { lines.append(cells("all", TrackFigures(meanOf: rows.map(\.1)))) }
    return aligned(lines, leftColumns: 1).joined(separator: "\n") + "\n"
  }

  private static func json(_ rows: [(String, TrackFigures)]) -> String {
    var json = JSONWriter()
    func write(_ figures: TrackFigures) {
      json.beginObject()
      json.field("HOTA", figures.hota, decimals: 9)
      json.field("DetA", figures.detA, decimals: 9)
      json.field("AssA", figures.assA, decimals: 9)
      json.field("LocA", figures.locA, decimals: 9)
      json.field("IDF1", figures.idf1, decimals: 9)
      json.field("IDP", figures.idPrecision, decimals: 9)
      json.field("IDR", figures.idRecall, decimals: 9)
      json.field("MOTA", figures.mota, decimals: 9)
      json.field("switches", figures.switches)
      json.field("missed", figures.misses)
      json.field("false", figures.falseBoxes)
      json.field("truth", figures.truthBoxes)
      json.field("found", figures.foundBoxes)
      json.endObject()
    }
    json.beginObject()
    json.key("all")
    write(TrackFigures(meanOf: rows.map(\.1)))
    json.key("sequences")
    json.beginObject()
    for (name, figures) in rows {
      json.key(name)
      write(figures)
    }
    json.endObject()
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self) + "\n"
  }
}
