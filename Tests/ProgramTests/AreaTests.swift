import Foundation
import TestSupport
import Testing

@Suite("Masks and regions", .serialized, .requires(.media))
struct AreaTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// Two lossless clips that differ in the right half, from the left end of `mask` on.
  private func clips() throws -> [String] {
    try [("a", "black"), ("b", "white")].map { name, color in
      let path = place.path + "/\(name).mkv"
      let chain = "testsrc2=size=320x240:rate=5,drawbox=x=160:y=0:w=160:h=240:c=\(color)@0.9:t=fill"
      let made = try Program.shell(
        "ffmpeg -v error -y -f lavfi -i \(chain) -frames:v 4 -pix_fmt yuv420p -c:v ffv1 \(path)",
        in: place.path)
      #expect(made.status == 0, "\(made.errors)")
      return path
    }
  }

  private func frames(_ arguments: [String]) throws -> [JSONValue] {
    let outcome = try Program.run(
      arguments + ["--id", "x", "--conf", "0.3", "--model", TinyModel.detector], in: place.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    try checkAccount(outcome)
    return try outcome.lines("frame")
  }

  @Test(
    "what a mask hides changes no byte, on every way to the network",
    arguments: [
      [], ["--tiles", "2,3"], ["--size", "96,64x48"], ["--roi", "0.3,0.2,0.6,0.5"],
      ["--tiles", "2", "--size", "auto", "--track", "--threads", "3", "--roi", "10,10,300,200 px"],
    ])
  func independence(options: [String]) throws {
    let clips = try clips()
    let mask = ["--mask", "0.5,0 1,0 1,1 0.5,1"]
    let masked = try clips.map { try frames([$0] + mask + options) }
    #expect(masked[0] == masked[1])
    #expect(masked[0].contains { $0["objects"]?.array?.isEmpty == false })
    // The same in pixels; and it can fail.
    #expect(
      try frames([clips[0], "--mask", "160,0 320,0 320,240 160,240 px"] + options) == masked[0])
    let plain = try clips.map { try frames([$0] + options) }
    #expect(plain[0] != plain[1] && plain[0] != masked[0])
  }

  @Test("the run line states masks and regions as on the command line")
  func recorded() throws {
    let outcome = try place.detect(
      media("image.jpg"), "--mask", "0,0 0.25,0 0,0.5", "--mask", "1,2  30,2 30,40   px",
      "--roi", "0.5,0.5,0.5,0.5")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let options = try outcome.lines("run").first?["options"]
    #expect(
      options?["mask"] == .array([.string("0,0 0.25,0 0,0.5"), .string("1,2 30,2 30,40 px")]))
    #expect(options?["roi"] == .array([.string("0.5,0.5 1,0.5 1,1 0.5,1")]))
    let plain = try place.detect(media("image.jpg")).lines("run").first?["options"]
    #expect(plain?["mask"] == nil && plain?["roi"] == nil)
  }

  @Test("a file's masks and regions come before those of the command line, and are no events")
  func file() throws {
    try place.write(
      "masks:\n  - 0,0 0.25,0 0,0.5\nregions: [\"0.5,0.5,0.5,0.5\"]\n", to: "areas.yaml")
    let outcome = try place.detect(
      media("image.jpg"), "--zones", "areas.yaml", "--mask", "1,2 30,2 30,40 px")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let options = try outcome.lines("run").first?["options"]
    #expect(
      options?["mask"] == .array([.string("0,0 0.25,0 0,0.5"), .string("1,2 30,2 30,40 px")]))
    #expect(options?["roi"] == .array([.string("0.5,0.5 1,0.5 1,1 0.5,1")]))
    #expect(options?["track"] == nil)
    try #expect(outcome.lines("event").isEmpty)
    try place.write("zones: {a: \"0,0 1,0 1,1\"}\n", to: "zones.yaml")
    let refused = try place.detect(media("image.jpg"), "--zones", "zones.yaml", "--track", "off")
    #expect(refused.status == 2, "\(refused.errors)")
  }

  @Test("a region shows what the whole frame is too small for")
  func detail() throws {
    let clip = try clips()[0]
    let (whole, detailed) = (try frames([clip]), try frames([clip, "--roi", "0,0,0.5,0.5"]))
    #expect(whole != detailed)
  }

  @Test("areas are drawn if the overlay says so")
  func drawn() throws {
    let clip = try clips()[1]
    func picture(_ overlay: String) throws -> Data {
      let outcome = try place.detect(
        clip, "--limit", "1", "--frames", overlay, "--mask", "0.5,0 1,0 1,1", "--roi",
        "0.1,0.1,0.2,0.2", "--overlay", overlay, "--id", "x")
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try Data(contentsOf: URL(filePath: place.path + "/\(overlay)/x/000000.jpg"))
    }
    #expect(try picture("areas") != picture("none"))
  }

  @Test(
    "what is no area is refused in one line",
    arguments: [
      ("--mask", "0.1,0.1 0.5,0.5"), ("--mask", "0.1,0.1,0.5,0.5"), ("--mask", ""),
      ("--mask", "0,0 2,0 2,2"), ("--mask", "a,b c,d e,f"), ("--mask", "0,0 nan,0 1,1"),
      ("--mask", "0.1,0.1 0.5,0.1 0.9,0.1"), ("--mask", "-1,0 3,0 3,3 px"),
      ("--roi", "0.5,0.5,0.6,0.1"), ("--roi", "0.1,0.1,0,0.5"), ("--roi", "0.1"),
      ("--roi", "0,0 1,1 px"), ("--mask", "0,0 1,1 1,0 0,1"), ("--roi", "0,0 9,9 9,0 0,9 px"),
    ])
  func refusals(option: String, value: String) throws {
    let outcome = try place.detect(media("image.jpg"), option, value)
    #expect(outcome.status == 2 && outcome.output.isEmpty, "\(option) \(value)")
    #expect(outcome.errors.contains(option), "\(outcome.errors)")
    let crosses = ["0,0 1,1 1,0 0,1", "0,0 9,9 9,0 0,9 px"].contains(value)
    #expect(outcome.errors.contains("cross or touch") == crosses, "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
  }

  @Test("pixels that a source doesn't have fail that source alone")
  func outside() throws {
    let outcome = try place.detect(
      media("plain.mp4"), media("image.jpg"), "--limit", "2", "--mask",
      "300,10 310,10 310,20 px")
    #expect(outcome.status == 3, "\(outcome.errors)")
    try checkAccount(outcome)
    #expect(outcome.errors.contains("128 x 96"), "\(outcome.errors)")
    #expect(try outcome.lines("end").map { $0["status"]?.string } == ["complete", "failed"])
  }
}
