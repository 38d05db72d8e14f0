import Foundation
import Layers
import Models
import Output
import TestSupport
import Testing

@Suite(
  "Runs", .serialized,
  .requires(.media))
struct RunTests {
  /// The lines without the values that differ from run to run.
  private func stable(_ outcome: Program.Outcome) -> [String] {
    outcome.output.split(separator: "\n").filter { line in
      !line.hasPrefix(#"{"type":"run""#) && !line.hasPrefix(#"{"type":"summary""#)
    }.map { line in
      guard line.hasPrefix(#"{"type":"end""#), let time = line.range(of: #","elapsed":"#) else {
        return String(line)
      }
      return String(line[..<time.lowerBound])
    }
  }

  @Test("the output is the same bytes with any number of threads")
  func threads() throws {
    let place = try Workplace()
    let sharing = [("1", "--no-latency"), ("2", "--no-latency"), ("3", "--no-latency")]
    let outcomes = try (sharing + [("2", "--latency"), ("3", "--latency")]).map {
      try place.detect(
        media("plain.mp4"), media("vfr.mkv"), media("cut.mkv"), "--threads", $0.0, $0.1,
        "--stride", "3")
    }
    try checkAccount(outcomes[0])
    let expected = stable(outcomes[0])
    #expect(expected.count > 30 && expected.contains { $0.contains(#""label":"person""#) })
    for outcome in outcomes.dropFirst() {
      #expect(stable(outcome) == expected, "\(outcome.errors)")
    }
  }

  @Test("the first line describes the run")
  func runLine() throws {
    let outcome = try Workplace().detect(
      media("image.jpg"), "--conf", "0.7", "--classes", "2", "--threads", "2", "--fps", "5",
      "--limit", "3", "--agnostic-nms")
    let run = try #require(try outcome.lines("run").first)
    #expect(run["model"]?["name"]?.string == "tiny")
    #expect(run["model"]?["sha256"]?.string == (try ModelFile(path: TinyModel.detector).sha256()))
    #expect(run["model"]?["labels"]?.integer == 2)
    #expect(run["model"]?["classes"]?.array?.map(\.string) == ["person", "traffic light"])
    #expect(run["backend"]?["simd"]?.string == InstructionSet.best.rawValue)
    #expect(run["backend"]?["threads"]?.integer == 2)
    let options = try #require(run["options"]?.object)
    #expect(options["conf"]?.number == 0.7 && options["fps"]?.number == 5)
    #expect(options["classes"] == .array([.number(2)]) && options["limit"]?.integer == 3)
    #expect(options["agnostic_nms"] == .bool(true) && options["stride"] == nil)
  }

  @Test("standard input is a source")
  func standardInput() throws {
    let data = try Data(contentsOf: URL(filePath: media("plain.ts")))
    let outcome = try Workplace().detect("-", "--id", "pipe", input: data)
    try checkAccount(outcome)
    #expect(outcome.status == 0)
    #expect(try outcome.end()["source"]?.string == "pipe")
    #expect(try Counts(outcome.end()).processed == 50)
  }

  @Test("folders, quoted globs and lists expand to their sources")
  func sourceLists() throws {
    let place = try Workplace()
    try place.write("# two\n\(media("image.png"))\n\n\(media("image.bmp"))\n", to: "list.txt")
    try place.write(#"{"id":"one","uri":"\#(media("image.jpg"))"}"# + "\n", to: "m.jsonl")
    let outcome = try place.detect(
      media("a"), media("image.*f"), "@list.txt", "@m.jsonl", "--limit", "1")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try outcome.lines("end").compactMap { $0["source"]?.string } == [
        media("a/clip.mp4"), media("image.tiff"), media("image.png"), media("image.bmp"), "one",
      ])
  }

  @Test("frames that are not selected are counted as skipped")
  func selection() throws {
    let place = try Workplace()
    for (options, processed) in [
      (["--stride", "10"], 5), (["--keyframes"], 2), (["--fps", "5"], 10), (["--limit", "7"], 7),
      (["--start", "1", "--duration", "500ms"], 13), (["--end", "00:00:00.2"], 5),
    ] {
      let outcome = try Program.run(
        [media("plain.mp4"), "--model", TinyModel.detector] + options, in: place.path)
      try checkAccount(outcome)
      #expect(try Counts(outcome.end()).processed == processed, "\(options)")
      #expect(try outcome.end()["status"]?.string == "complete", "\(options)")
    }
  }

  @Test("class filters take names and IDs")
  func classes() throws {
    let place = try Workplace()
    func labels(_ options: String...) throws -> Set<String> { try labels(options) }
    func labels(_ options: [String]) throws -> Set<String> {
      let outcome = try Program.run(
        [media("image.jpg"), "--model", TinyModel.detector] + options, in: place.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let objects = try outcome.lines("frame").flatMap { $0["objects"]?.array ?? [] }
      return Set(objects.compactMap { $0["label"]?.string })
    }
    #expect(try labels("--conf", "0.3") == ["person", "traffic light"])
    #expect(try labels("--conf", "0.3", "--classes", "traffic light") == ["traffic light"])
    #expect(try labels("--conf", "0.3", "--classes", "1") == ["person"])
    #expect(try labels("--conf", "0.3", "--exclude-classes", "person") == ["traffic light"])
    try place.write("Mensch\nAmpel\n", to: "labels.txt")
    #expect(try labels("--conf", "0.3", "--labels", "labels.txt") == ["Mensch", "Ampel"])
    // Spelled otherwise, and VOC's names for COCO's classes and the reverse.
    #expect(try labels("--conf", "0.3", "--classes", "Traffic_Light") == ["traffic light"])
    try place.write("tv\nmotorbike\n", to: "labels.txt")
    let renamed = ["--conf", "0.3", "--labels", "labels.txt"]
    #expect(try labels(renamed + ["--classes", "tvmonitor"]) == ["tv"])
    #expect(try labels(renamed + ["--classes", "motorcycle"]) == ["motorbike"])
    #expect(try labels(renamed + ["--exclude-classes", "motorcycle"]) == ["tv"])
  }

  @Test("secrets in a URL are never printed")
  func secrets() throws {
    let closed = try LocalSocket(isListening: false)
    let outcome = try Workplace().detect(
      "http://user:hunter2@127.0.0.1:\(closed.port)/x.mp4?token=hunter3", "-v")
    #expect(outcome.status == 4, "\(outcome.errors)")
    #expect(!(outcome.output + outcome.errors).contains("hunter"))
    #expect(try outcome.end()["status"]?.string == "failed")
  }

  @Test("an option that FFmpeg does not use is an error")
  func unusedOption() throws {
    let outcome = try Workplace().detect(media("plain.mp4"), "--input-opt", "stimeout=5")
    #expect(outcome.status == 3)
    #expect(try outcome.end()["reason"]?.string?.hasPrefix("unknown_option: ") == true)
  }
}
