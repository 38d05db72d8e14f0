import Foundation

import TestSupport
import Testing

@Suite("Tiles", .serialized, .requires(.media))
struct TileTests {
  @Test("the output with tiles is the same bytes with any number of threads")
  func threads() throws {
    let place = try Workplace()
    let outcomes = try ["1", "2", "4"].map { threads in
      try place.detect(
        media("plain.mp4"), media("rotated-90.mp4"), media("odd.mkv"), media("image.jpg"),
        "--tiles", "2,3", "--conf", "0.5", "--stride", "5", "--threads", threads)
    }
    func frames(_ outcome: Program.Outcome) -> [Substring] {
      outcome.output.split(separator: "\n").filter { $0.hasPrefix(#"{"type":"frame""#) }
    }
    for outcome in outcomes {
      #expect(outcome.status == 0, "\(outcome.errors)")
      try checkAccount(outcome)
      #expect(frames(outcome) == frames(outcomes[0]))
    }
    let whole = try place.detect(media("plain.mp4"), "--conf", "0.5", "--stride", "5")
    #expect(frames(whole) != Array(frames(outcomes[0]).prefix(frames(whole).count)))
  }

  @Test("the lines record the requested and the chosen grids, if there are any")
  func lines() throws {
    let place = try Workplace()
    func tiles(_ option: String...) throws -> (run: JSONValue?, source: JSONValue?) {
      let arguments = [media("image.jpg"), "--model", TinyModel.detector] + option
      let outcome = try Program.run(arguments, in: place.path)
      try checkAccount(outcome)
      let (run, source) = (try outcome.lines("run").first, try outcome.lines("source").first)
      return (run?["options"]?["tiles"], source?["tiles"])
    }
    let both = JSONValue.array([.number(2), .number(3)])
    #expect(try tiles("--tiles", "3,2") == (both, both))
    // 128 x 96 pixels and a network that takes 64 x 64.
    #expect(try tiles("--tiles", "auto") == (.string("auto"), both))
    #expect(try tiles("--tiles", "none") == (nil, nil))
    #expect(try tiles() == (nil, nil))
  }

  @Test("eval can analyse tiles")
  func evaluation() throws {
    let place = try Workplace()
    try place.write(
      """
      {"images": [{"id": 1, "file_name": "image.jpg", "width": 128, "height": 96}],
       "categories": [{"id": 1, "name": "person"}],
       "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 50, 50],
                        "area": 2500, "iscrowd": 0}]}
      """, to: "truth.json")
    func detections(_ tiles: String) throws -> Int? {
      let outcome = try Program.run(
        [
          "eval", "--truth", "truth.json", "--images", media("image.jpg"), "--model",
          TinyModel.detector, "--tiles", tiles, "--format", "json",
        ], in: place.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try outcome.lines().first?["counts"]?["detections"]?.integer
    }
    let whole = try #require(try detections("none"))
    #expect(try detections("3") != whole)
  }

  @Test(
    "invalid grids are rejected with the valid choices",
    arguments: ["0", "9", "two", "2,,3", "2,3,4,5", ""])
  func refusals(value: String) throws {
    let outcome = try Workplace().detect(media("image.jpg"), "--tiles", value)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("--tiles is '\(value)'"), "\(outcome.errors)")
    #expect(outcome.errors.contains("auto, none, or up to 3 numbers between 1 and 8"))
  }
}
