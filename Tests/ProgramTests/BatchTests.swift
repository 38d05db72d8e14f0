import Foundation
import TestSupport
import Testing

@Suite("Batches", .requires(.media))
struct BatchTests {
  @Test("a result has the frames of detect, and a rerun does nothing")
  func first() throws {
    let place = try BatchPlace(["a/x.mp4", "a/y.mp4", "z.mp4"])
    let outcome = try place.batch("in", "--recursive", "--receipts")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let receipts = try outcome.lines()
    // A folder's own files come first.
    #expect(receipts.map { $0["source"]?.string } == ["in/z.mp4", "in/a/x.mp4", "in/a/y.mp4"])
    let detected = try place.base.detect("in", "--recursive")
    #expect(try place.frames() == BatchPlace.frames(detected.output))
    for name in place.names {
      var result = detected
      result.output = try place.base.text("out/in/\(name).jsonl")
      result.status = 0
      try checkAccount(result)
    }
    let before = try place.stamps()
    let again = try place.batch("in", "--recursive", "--receipts")
    #expect(again.status == 0 && again.output.isEmpty && again.errors.contains("3 of 3 done"))
    #expect(try place.stamps() == before)
  }

  @Test("exactly what is affected is done again")
  func affected() throws {
    let place = try BatchPlace((0..<4).map { "\($0).mp4" })
    func redone(_ arguments: String...) throws -> [String] {
      let outcome = try place.batch(arguments: ["in", "--receipts"] + arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try outcome.lines().compactMap { $0["source"]?.string }.sorted()
    }
    #expect(try redone().count == 4)
    // Killed between the result and the receipt.
    try FileManager.default.removeItem(atPath: place.path + "/out/in/0.mp4.receipt.json")
    // An output that was cut by a byte.
    let lines = place.path + "/out/in/1.mp4.jsonl"
    let file = try #require(FileHandle(forUpdatingAtPath: lines))
    try file.truncate(atOffset: file.seekToEnd() - 1)
    // Another file of the same size and name.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: place.path + "/in/2.mp4")
    #expect(try redone() == ["in/0.mp4", "in/1.mp4", "in/2.mp4"])
    #expect(try redone("--threads", "1", "--queue", "2").isEmpty)
    #expect(try redone("--conf", "0.9").count == 4)
    #expect(try redone("--conf", "0.9").isEmpty)
    let other = try place.batch(
      arguments: ["in", "--receipts", "--conf", "0.9"], model: TinyModel.otherDetector)
    #expect(try other.lines().count == 4)
  }

  @Test("lines of a manifest have parts and options of their own")
  func manifest() throws {
    let place = try BatchPlace(["a.mp4"])
    try place.base.write(
      """
      {"id": "part", "uri": "in/a.mp4", "start": 0.2, "end": "0.4"}
      {"id": "dense/../one", "uri": "in/a.mp4", "options": {"limit": 1}}
      {"uri": "in/a.mp4", "options": {"stride": 10}}

      """, to: "list.jsonl")
    let outcome = try place.batch("@list.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    func run(_ name: String) throws -> (frames: [JSONValue], options: JSONValue?) {
      let lines = try parsedLines(place.base.text("out/\(name).jsonl"))
      return (lines.filter { $0["type"]?.string == "frame" }, lines.first?["options"])
    }
    let part = try run("part")
    let times = part.frames.compactMap { $0["t"]?.number }
    #expect(!times.isEmpty && times.allSatisfy { (0.2..<0.4).contains($0) })
    #expect(part.options?["start"]?.number == 0.2 && part.options?["end"]?.number == 0.4)
    #expect(try run("dense/__/one").frames.count == 1)
    #expect(try run("in/a.mp4").options?["stride"]?.integer == 10)
    let again = try place.batch("@list.jsonl")
    #expect(again.errors.contains("3 of 3 done"), "\(again.errors)")
    try place.base.write(#"{"uri": "in/a.mp4", "options": {"conf": 7}}"#, to: "bad.jsonl")
    let bad = try place.batch("@bad.jsonl")
    #expect(bad.status == 2 && bad.errors.contains("@bad.jsonl:1: --conf is 7.0"))
  }

  @Test("bad sources don't stop others: for good with a receipt, for now without")
  func bad() throws {
    let place = try BatchPlace(["a.mp4"])
    try place.base.write("no video", to: "in/b.mp4")
    let outcome = try place.batch("in", "missing.mp4")
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(place.base.exists("out/in/a.mp4.jsonl") && !place.base.exists("out/in/b.mp4.jsonl"))
    #expect(place.base.exists("out/in/b.mp4.receipt.json"))
    let status = try place.status()
    #expect(status.status == 3 && status.output.contains("missing.mp4: failed: not_found"))
    let again = try place.batch("in", "missing.mp4", "--receipts")
    #expect(again.status == 3 && again.output.isEmpty, "\(again.errors)")
    let retried = try place.batch("in", "missing.mp4", "--receipts", "--retry-failed")
    #expect(try retried.status == 3 && retried.lines().count == 2)
    let closed = try LocalSocket(isListening: false)
    let transient = try place.batch("in", "http://127.0.0.1:\(closed.port)/v.mp4")
    #expect(transient.status == 4, "\(transient.errors)")
    #expect(try place.status().status == 7)
    #expect(!(try place.files().contains { $0.contains("v.mp4") }))
  }

  @Test("a source that takes too long is given up, for good")
  func timeout() throws {
    let place = try BatchPlace(["a.mp4"])
    // Nothing is written into the pipe, so opening it takes all of the time.
    let outcome = try Program.shell(
      "mkfifo in/pipe.mp4; sleep 300 > in/pipe.mp4 & writer=$!; \"$PROGRAM\" batch in/pipe.mp4 "
        + "in/a.mp4 -o out --source-timeout 500ms --open-timeout 100 --read-timeout 100 --progress none "
        + "--model '\(TinyModel.detector)'; status=$?; kill $writer; exit $status", in: place.path)
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(try place.base.text("out/in/pipe.mp4.receipt.json").contains("source_timeout"))
    #expect(place.base.exists("out/in/a.mp4.jsonl"))
  }

  @Test("pictures belong to the result: one that is missing has the source done again")
  func pictures() throws {
    let place = try BatchPlace(["a.mp4"])
    let options = [
      "in", "--video", "v", "--crops", "c", "--snapshots", "s", "--events", "--conf", "0",
      "--max-det", "3", "--limit", "10", "--receipts",
    ]
    let outcome = try place.batch(arguments: options)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let kinds = try outcome.lines().first?["outputs"]?.array?.compactMap { $0["kind"]?.string }
    #expect(kinds == ["video", "crops", "snapshots", "lines"])
    #expect(place.base.exists("v/in/a.mp4"))
    let crops = try FileManager.default.contentsOfDirectory(atPath: place.path + "/c/in/a.mp4")
    let crop = try #require(crops.first)
    #expect(try place.batch(arguments: options).output.isEmpty)
    try FileManager.default.removeItem(atPath: place.path + "/c/in/a.mp4/" + crop)
    #expect(try place.batch(arguments: options).lines().count == 1)
    #expect(place.base.exists("c/in/a.mp4/" + crop))
  }

  @Test(
    "usage errors are exit 2 and one line",
    arguments: [
      (["in/a.mp4"], "--out-dir"), (["-", "-o", "out"], "standard input"),
      (["in/a.mp4", "-o", "out", "--shard", "3/2"], "1/2 to 2/2"),
      (["in/a.mp4", "-o", "out", "--shard", "x"], "names no part"),
      (["in/a.mp4", "-o", "out", "--shard", "auto"], "Slurm"),
      (["in/a.mp4", "-o", "http://x/"], "must be a folder"), (["status", "in"], "No batch"),
    ] as [([String], String)])
  func usage(arguments: [String], expected: String) throws {
    let place = try BatchPlace(["a.mp4"])
    let outcome = try Program.run(["batch"] + arguments, in: place.path)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.errors.contains(expected) && outcome.output.isEmpty, "\(outcome.errors)")
  }
}

/// A folder `in` with copies of a clip, and `out` for results.
struct BatchPlace {
  let base: Workplace
  let names: [String]

  var path: String { base.path }

  init(_ names: [String], clip: String = "plain.mp4") throws {
    base = try Workplace()
    self.names = names
    for name in names {
      let file = "\(base.path)/in/\(name)"
      let folder = URL(filePath: file).deletingLastPathComponent().path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: media(clip), toPath: file)
    }
  }

  func batch(_ arguments: String...) throws -> Program.Outcome {
    try batch(arguments: arguments)
  }

  func batch(
    arguments: [String], model: String = TinyModel.detector
  ) throws -> Program.Outcome {
    try Program.run(
      ["batch"] + arguments + ["-o", "out", "--progress", "none", "--model", model], in: path)
  }

  func status() throws -> Program.Outcome {
    try Program.run(["batch", "status", "out"], in: path)
  }

  /// The files in the output folder.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path + "/out").sorted()
  }

  /// The frame lines of all results, sorted.
  func frames() throws -> [Substring] {
    let results = try files().filter { $0.hasSuffix(".jsonl") && !$0.hasPrefix(".") }
    return Self.frames(try results.map { try base.text("out/\($0)") }.joined())
  }

  static func frames(_ lines: String) -> [Substring] {
    lines.split(separator: "\n").filter { $0.hasPrefix(#"{"type":"frame""#) }.sorted()
  }

  /// When each result, receipt and list was changed last.
  func stamps() throws -> [String: Date] {
    var stamps: [String: Date] = [:]
    for file in try files() where file.hasSuffix(".json") || file.hasSuffix(".jsonl") {
      let attributes = try FileManager.default.attributesOfItem(atPath: path + "/out/" + file)
      stamps[file] = attributes[.modificationDate] as? Date
    }
    return stamps
  }
}
