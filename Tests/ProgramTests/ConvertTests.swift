import Foundation
import TestSupport
import Testing

@Suite("convert")
struct ConvertTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.write(MadeResults.text(MadeResults.lines()), to: "run.jsonl")
  }

  private func convert(_ arguments: String..., input: Data? = nil) throws -> Program.Outcome {
    try Program.run(["convert"] + arguments, in: place.path, input: input)
  }

  @Test(
    "every format is written, in files and folders",
    arguments: [
      ("coco", "a.json"), ("coco-results", "a.json"), ("yolo", "y"), ("voc", "v"), ("mot", "m"),
      ("mot-det", "m"), ("cvat-video", "a.xml"), ("cvat-video", "c/"), ("cvat-images", "a.xml"),
      ("label-studio", "a.json"), ("megadetector", "a.json"), ("fiftyone", "f"), ("csv", "a.csv"),
      ("vtt", "a.vtt"), ("ass", "a.ass"), ("vtt", "-"),
    ])
  func formats(format: String, output: String) throws {
    let outcome = try convert("run.jsonl", "--to", format, "-o", output)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("50 frames with 110 objects"))
    #expect(output == "-" ? outcome.output.hasPrefix("WEBVTT\n") : place.exists(output))
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
    #expect(names.count == (output == "-" ? 1 : 2), "\(names)")
  }

  @Test("folders of lines, standard input, and back to lines")
  func roundTrip() throws {
    try FileManager.default.createDirectory(
      atPath: place.path + "/in/b", withIntermediateDirectories: true)
    try place.write(MadeResults.text(MadeResults.lines()), to: "in/b/a.jsonl")
    try place.write("no lines", to: "in/notes.txt")
    #expect(try convert("in", "--to", "coco", "-o", "a.json", "-q").errors.isEmpty)
    let back = try convert("a.json", "--to", "jsonl", "-o", "-")
    let frames = try parsedLines(back.output)
    #expect(frames.count == 50)
    #expect(frames[40]["objects"]?.array?.count == 3)
    #expect(frames[40]["objects"]?[1]?["track_id"]?.integer == 2)
    let again = try convert(
      "-", "--to", "csv", "-o", "-", "--step", "10", "--conf", "0.85",
      input: Data(back.output.utf8))
    // Five frames: the first without a person who is that certain.
    #expect(again.output.split(separator: "\r\n").count == 6)
  }

  @Test("what can't be converted is exit 2 in one line, and nothing is written")
  func refusals() throws {
    try place.write("{\"type\":\"frame\",\"source\":\"a\"}\n", to: "bad.jsonl")
    try place.write(
      MadeResults.text([MadeResults.frame(0), MadeResults.frame(0, source: "other.mp4")]),
      to: "two.jsonl")
    try FileManager.default.createDirectory(
      atPath: place.path + "/full", withIntermediateDirectories: true)
    try place.write("mine", to: "full/a.txt")
    for (arguments, word) in [
      (["run.jsonl", "--to", "coco"], "--output"),
      (["run.jsonl", "--to", "tfrecord", "-o", "a"], "megadetector"),
      (["run.jsonl", "--to", "yolo", "-o", "-"], "Name a folder"),
      (["run.jsonl", "--to", "yolo", "-o", "full"], "empty folder"),
      (["run.jsonl", "--to", "yolo", "-o", "run.jsonl"], "never written to"),
      (["run.jsonl", "--to", "csv", "-o", "run.jsonl"], "never written to"),
      (["run.jsonl", "--to", "csv", "-o", "a", "--scores"], "--to yolo"),
      (["run.jsonl", "--to", "csv", "-o", "a", "--step", "0"], "--step"),
      (["none.jsonl", "--to", "csv", "-o", "a"], "none.jsonl"),
      (["bad.jsonl", "--to", "csv", "-o", "a"], "bad.jsonl:1"),
      (["full", "--to", "csv", "-o", "a"], "no file with JSON lines"),
      (["two.jsonl", "--to", "vtt", "-o", "a.vtt"], "name a folder"),
      (["-", "-", "--to", "csv", "-o", "a"], "once"),
      (["run.jsonl", "--to", "jsonl", "-o", "a"], "JSON"),
    ] {
      let outcome = try Program.run(["convert"] + arguments, in: place.path)
      #expect(outcome.status == 2, "\(arguments): \(outcome.status) \(outcome.errors)")
      #expect(outcome.errors.contains(word), "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
      #expect(!place.exists("a") && !place.exists("a.vtt"))
    }
    #expect(try place.text("full/a.txt") == "mine")
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
    #expect(names.count == 4, "\(names)")
  }

  @Test("a full disk is exit 6; a cut last line is left out; a closed pipe is quiet")
  func endings() throws {
    #expect(try convert("run.jsonl", "--to", "csv", "-o", "/dev/full").status == 6)
    let text = MadeResults.text(MadeResults.lines())
    try place.write(String(text.dropLast(60)), to: "cut.jsonl")
    let cut = try convert("cut.jsonl", "--to", "csv", "-o", "cut.csv")
    #expect(cut.status == 0 && cut.errors.contains("cut off"))
    let pipe = try Program.shell(
      "set -o pipefail; for i in 1 2 3 4 5 6 7 8 9; do cat run.jsonl; done | "
        + "\"$PROGRAM\" convert - --to csv -o - | head -n 1", in: place.path)
    #expect(pipe.status == 0 && pipe.output.hasPrefix("source,frame"), "\(pipe.errors)")
  }
}
