import Annotations
import Foundation
import TestSupport
import Testing

@Suite("classify", .serialized, .requires(.media))
struct ClassifyTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func classify(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(
      ["classify"] + arguments + ["--model", TinyModel.classifier], in: place.path)
  }

  @Test("of a video every n-th frame is classified, in order, with its time")
  func video() throws {
    let outcome = try classify(
      media("marker.mp4"), "--stride", "4", "--top", "2", "--threads", "3", "--json")
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let lines = try outcome.lines()
    #expect(lines.map { $0["frame"]?.integer } == [0, 4, 8])
    let times = lines.compactMap { $0["t"]?.number }
    #expect(times == times.sorted() && times.count == 3 && times[2] > 0)
    #expect(lines.allSatisfy { $0["classes"]?.array?.count == 2 })
    let single = try classify(
      media("marker.mp4"), "--stride", "4", "--top", "2", "--threads", "1", "--json")
    #expect(single.output == outcome.output)
    let text = try classify(media("marker.mp4"), "--limit", "1", "--top", "1").output
    #expect(text.hasPrefix(media("marker.mp4") + "  frame 0, 0.000 s\n  0."))
    #expect(text.split(separator: "\n").count == 2)
  }

  @Test("a picture is classified as before: source, classes, and nothing of frames in the text")
  func picture() throws {
    let text = try classify(media("image.jpg"), "--top", "1").output
    #expect(text.hasPrefix(media("image.jpg") + "\n  0."))
    let json = try classify(media("image.jpg"), "--top", "1", "--json").output
    #expect(
      json.hasPrefix("{\"type\":\"classes\",\"source\":\"\(media("image.jpg"))\",\"classes\":["))
    let probabilities = try classify(media("image.jpg"), "--json").lines()[0]["classes"]?.array?
      .compactMap { $0["confidence"]?.number }
    #expect(abs((probabilities ?? []).reduce(0, +) - 1) < 0.001)
  }

  @Test("all lines of a run fit the schema, and account for every source and frame")
  func lines() throws {
    try place.write("\(media("marker.mp4"))\n\(media("image.png"))\nnothere.jpg\n", to: "list.txt")
    let outcome = try classify(
      "@list.txt", media("cut.mp4"), "--every", "200ms", "--jsonl", "run.jsonl")
    #expect(outcome.status == 3 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("nothere.jpg: The file does not exist."))
    let lines = try parsedLines(place.text("run.jsonl"))
    let schema = try JSONSchema(Record.jsonSchema)
    for line in lines { #expect(schema.faults(in: line).isEmpty, "\(line)") }
    #expect(lines.first?["type"]?.string == "run" && lines.last?["exit_code"]?.integer == 3)
    #expect(lines.first?["model"]?["kind"]?.string == "classifier")
    #expect(
      lines.first?["model"]?["classes"]?.array?.compactMap(\.string) == ["cat", "dog", "bird"])
    #expect(lines.first?["options"]?["top"]?.integer == 5)
    let ends = lines.filter { $0["type"]?.string == "end" }
    #expect(
      ends.compactMap { $0["status"]?.string } == ["complete", "complete", "failed", "truncated"])
    for end in ends {
      let counts = try Counts(end)
      let found = lines.filter { $0["type"]?.string == "classes" && $0["source"] == end["source"] }
      #expect(counts.isBalanced && counts.processed == found.count, "\(counts)")
      #expect(end["objects"]?.integer == 0)
    }
    // Such a run holds no boxes to evaluate.
    let eval = try Program.run(
      ["eval", "--pred", "run.jsonl", "--truth", "run.jsonl"], in: place.path)
    #expect(eval.status == 2)
  }

  @Test("mistakes are exit 2, before a source is opened")
  func usage() throws {
    for (arguments, text) in [
      ([media("image.jpg"), "--top", "0"], "at least 1"),
      ([media("image.jpg"), "--json", "--jsonl", "a"], "cannot be combined"),
      ([media("image.jpg"), "--jsonl", media("image.jpg")], "one of the inputs"),
      ([media("image.jpg"), "--stride", "2", "--fps", "3"], "cannot be combined"),
      ([media("image.jpg"), "--precision", "int8"], "models quantize"),
      ([media("marker.mp4"), "--start", "100"], "marker.mp4"),
    ] {
      let outcome = try Program.run(
        ["classify"] + arguments + ["--model", TinyModel.classifier], in: place.path)
      #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(text), "\(outcome.errors)")
    }
  }

  @Test("a reader that has seen enough ends the run quietly")
  func closedPipe() throws {
    let outcome = try Program.shell(
      "\"$PROGRAM\" classify \(media("marker.mp4")) \(media("marker.mp4")) --model "
        + "'\(TinyModel.classifier)' --json | head -n 1; exit ${PIPESTATUS[0]}", in: place.path)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
  }
}
