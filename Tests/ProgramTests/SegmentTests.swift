import Annotations
import Foundation
import TestSupport
import Testing

@Suite("segment", .serialized, .requires(.media))
struct SegmentTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func segment(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(
      ["segment"] + arguments + ["--model", TinyModel.segmenter], in: place.path)
  }

  @Test("the lines of a run fit the schema; the shares of each frame sum to 1")
  func lines() throws {
    let outcome = try segment(
      media("marker.mp4"), media("image.jpg"), "--stride", "4", "--threads", "2")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = try outcome.lines()
    let schema = try JSONSchema(Record.jsonSchema)
    for line in lines { #expect(schema.faults(in: line).isEmpty, "\(line)") }
    let run = lines.first?["model"]
    #expect(run?["kind"]?.string == "segmenter")
    #expect(run?["classes"]?.array?.compactMap(\.string) == ["background", "cat", "dog"])
    let frames = lines.filter { $0["type"]?.string == "segments" }
    #expect(frames.compactMap { $0["frame"]?.integer } == [0, 4, 8, 0])
    for frame in frames {
      let shares = frame["segments"]?.array?.compactMap { $0["share"]?.number } ?? []
      #expect(abs(shares.reduce(0, +) - 1) < 0.001 && shares == shares.sorted(by: >), "\(frame)")
      #expect((frame["width"]?.integer ?? 0) > 0)
    }
    let single = try segment(
      media("marker.mp4"), media("image.jpg"), "--stride", "4", "--threads", "1")
    #expect(try single.lines().filter { $0["type"]?.string == "segments" } == frames)
  }

  @Test("maps are indexed pictures of class ids, and frames and videos show the classes")
  func pictures() throws {
    let outcome = try segment(
      media("marker.mp4"), media("image.jpg"), "--limit", "2", "--maps", "maps", "--frames",
      "frames", "--video", "videos/")
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    func files(_ folder: String) throws -> [String] {
      try FileManager.default.subpathsOfDirectory(atPath: place.path + "/" + folder)
        .filter { $0.hasSuffix("png") || $0.hasSuffix("jpg") || $0.hasSuffix("mp4") }
        .map { String($0.split(separator: "/").last ?? "") }.sorted()
    }
    // A folder has the name of the video whose frames are in it.
    #expect(try files("maps").filter { !$0.hasSuffix("mp4") }.count == 3)
    #expect(try files("maps").contains("image.jpg.png"))
    #expect(try files("frames").filter { $0.hasSuffix("jpg") }.count == 3)
    #expect(try files("videos").contains("marker.mp4"))
    let maps = try FileManager.default.subpathsOfDirectory(atPath: place.path + "/maps")
    let map = try #require(maps.first { $0.hasSuffix("000000.png") })
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: place.path + "/maps/" + map)))
    // The header's colour type: an index into the palette, 8 bits deep.
    #expect(bytes.count > 40 && bytes[24] == 8 && bytes[25] == 3)
  }

  @Test("another size of the input, and other kinds of models")
  func sizes() throws {
    let outcome = try segment(media("image.jpg"), "--size", "96x64")
    let model = try outcome.lines().first?["model"]
    #expect(model?["input"]?.array?.compactMap(\.integer) == [96, 64], "\(outcome.errors)")
    for (command, model) in [
      ("segment", TinyModel.classifier), ("segment", TinyModel.detector),
      ("classify", TinyModel.segmenter), ("detect", TinyModel.segmenter),
    ] {
      let outcome = try Program.run(
        [command, media("image.jpg"), "--model", model], in: place.path)
      #expect(outcome.status == 5 && outcome.output.isEmpty, "\(command): \(outcome.errors)")
    }
    #expect(try segment(media("image.jpg"), "--size", "9").status == 5)
    let same = try segment(media("image.jpg"), "--maps", "a", "--frames", "a")
    #expect(same.status == 2 && same.errors.contains("same folder"), "\(same.errors)")
  }
}
