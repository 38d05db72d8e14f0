import Foundation
import TestSupport
import Testing

extension Requirement {
  /// Debian's browser, which opens reports without a screen.
  static let chromium = Requirement("chromium", absence: "the browser is not installed") {
    isInstalled("chromium")
  }
}

@Suite("report")
struct ReportTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.write(MadeResults.text(MadeResults.lines()), to: "run.jsonl")
  }

  private func report(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(["report"] + arguments, in: place.path)
  }

  /// The only source in the data of a page.
  private func source(_ name: String) throws -> JSONValue {
    let page = try place.text(name)
    let start = try #require(page.firstRange(of: #"id="data">"#))
    let end = try #require(page[start.upperBound...].firstRange(of: "</script>"))
    let data = try JSONValue(parsing: String(page[start.upperBound..<end.lowerBound]))
    return try #require(data["sources"]?.array?.first)
  }

  @Test("a page is written that is the same each time")
  func page() throws {
    let outcome = try report("run.jsonl", "-o", "a.html")
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    #expect(try report("run.jsonl", "-o", "-").output == place.text("a.html"))
    let source = try source("a.html")
    #expect(source["tracks"]?["id"]?.array?.compactMap(\.integer) == [1, 2, 3])
    #expect(source["video"] == .null)
    try place.write(MadeResults.text(MadeResults.lines(isTracked: false)), to: "plain.jsonl")
    let plain = try report("plain.jsonl", "-o", "b.html")
    #expect(plain.status == 0 && plain.errors.contains("'stream-detect track"))
  }

  @Test("a video gives pictures, and an address relative to the page", .requires(.media))
  func video() throws {
    try FileManager.default.copyItem(atPath: media("plain.mp4"), toPath: place.path + "/walk.mp4")
    try FileManager.default.createDirectory(
      atPath: place.path + "/pages", withIntermediateDirectories: true)
    // It is found where the results say that it is.
    let outcome = try report("run.jsonl", "-o", "pages/a.html")
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let found = try source("pages/a.html")
    #expect(found["video"]?.string == "../walk.mp4" && found["videoName"]?.string == "walk.mp4")
    let pictures = found["snapshots"]?.array ?? []
    #expect(pictures.map { $0.array?[0].integer } == [0, 1, 2])
    #expect(
      pictures.allSatisfy {
        $0.array?[1].string?.hasPrefix("data:image/jpeg;base64,/9j/") == true
      })
    #expect(found["still"]?.string?.hasPrefix("data:image/jpeg;base64,") == true)
    #expect(try report("run.jsonl", "-o", "b.html", "--no-video").status == 0)
    #expect(try source("b.html")["video"] == .null)
    // A video may have been analysed twice.
    let twice = try report("run.jsonl", "run.jsonl", "-o", "e.html", "--video", "walk.mp4")
    #expect(twice.status == 0 && twice.errors.isEmpty, "\(twice.errors)")
    #expect(try place.text("e.html").ranges(of: #""video":"walk.mp4""#).count == 2)
    #expect(try report("run.jsonl", "-o", "c.html", "--snapshots", "1").status == 0)
    #expect(try source("c.html")["snapshots"]?.array?.count == 1)
    try FileManager.default.moveItem(
      atPath: place.path + "/walk.mp4", toPath: place.path + "/pages/a #1.mp4")
    #expect(try report("run.jsonl", "-o", "d.html", "--video", "pages/a #1.mp4").status == 0)
    #expect(try source("d.html")["video"]?.string == "pages/a%20%231.mp4")
  }

  @Test("videos that aren't there or none are told of")
  func wrongVideos() throws {
    try place.write("no video", to: "walk.mp4")
    let found = try report("run.jsonl", "-o", "a.html")
    #expect(found.status == 0 && found.errors.contains("walk.mp4"), "\(found.errors)")
    let named = try report("run.jsonl", "-o", "b.html", "--video", "walk.mp4")
    #expect(named.status == 3 && named.errors.contains("walk.mp4") && !place.exists("b.html"))
    let missing = try report("run.jsonl", "-o", "b.html", "--video", "other.mp4")
    #expect(missing.status == 3 && !place.exists("b.html"), "\(missing.status)")
    try place.write(
      MadeResults.text([MadeResults.frame(0), MadeResults.frame(0, source: "b")]), to: "two.jsonl")
    let none = try report("two.jsonl", "-o", "b.html", "--video", "other.mp4")
    #expect(none.status == 2 && none.errors.contains("walk.mp4, b"), "\(none.errors)")
    let pipe = try Program.shell(
      "mkfifo pipe && $PROGRAM report run.jsonl -o b.html --video pipe", in: place.path)
    #expect(pipe.status == 2 && pipe.errors.contains("no regular file"), "\(pipe.errors)")
  }

  @Test("wrong arguments are refused, and inputs are never written to")
  func usage() throws {
    try place.write("here\n", to: "walk.mp4")
    for arguments in [
      ["run.jsonl"], ["-o", "a.html"], ["missing.jsonl", "-o", "a.html"],
      ["run.jsonl", "-o", "run.jsonl"], ["run.jsonl", "-o", "walk.mp4"],
      ["run.jsonl", "-o", "walk.mp4", "--video", "walk.mp4"],
      ["run.jsonl", "-o", "a.html", "--video", "http://example.org/a.mp4"],
      ["run.jsonl", "-o", "a.html", "--video", "walk.mp4", "--no-video"],
      ["run.jsonl", "-o", "a.html", "--snapshots", "-1"], ["run.jsonl", "-o", ""],
    ] {
      let outcome = try Program.run(["report"] + arguments, in: place.path)
      #expect(outcome.status == 2 && !outcome.errors.isEmpty, "\(arguments) \(outcome.status)")
      #expect(!place.exists("a.html"))
    }
    #expect(try place.text("walk.mp4") == "here\n")
    #expect(try report("run.jsonl", "-o", "missing/a.html").status == 6)
  }

  @Test(
    "in a browser, a click on the table and on the timeline moves the video", .requires(.media),
    .requires(.chromium))
  func browser() throws {
    #expect(
      try report("run.jsonl", "-o", "a.html", "--video", media("plain.mp4")).status == 0)
    // The page runs no foreign script, so the copy that is tested has no policy.
    let page = try place.text("a.html")
      .replacing(/<meta http-equiv="Content-Security-Policy"[^>]*>/, with: "")
      .replacing("</body>", with: "<script>\(Self.clicks)</script></body>")
    try place.write(page, to: "clicks.html")
    let outcome = try Program.shell(
      """
      timeout 120 chromium --headless --no-sandbox --disable-gpu --user-data-dir=profile \
        --window-size=1400,1000 --virtual-time-budget=20000 --dump-dom "file://$PWD/clicks.html"
      """, in: place.path)
    let result = try #require(
      outcome.output.firstMatch(of: /<pre id="result">(.*)<\/pre>/),
      "\(outcome.errors.suffix(2000))")
    let values = try JSONValue(parsing: String(result.1))
    #expect(values["error"] == nil, "\(values)")
    #expect(values["title"]?.string == "What happened in walk.mp4")
    #expect(values["classes"]?.integer == 2 && values["rows"]?.integer == 3)
    // Track 2 begins with frame 10; the middle of the timeline is that of the clip.
    #expect(values["row"]?.number == 0.4)
    #expect(abs((values["timeline"]?.number ?? 0) - 0.98) < 0.02, "\(values)")
    #expect(values["found"]?.string == "1 of 3" && values["events"]?.integer == 1)
    #expect(values["zoomed"]?.string != values["whole"]?.string)
    #expect(values["drawn"]?.integer ?? 0 > 1000)
  }

  @Test("in a browser, the page obeys its own policy", .requires(.chromium))
  func policy() throws {
    let name = #"</script><script>document.title="broken"</script><b id=evil>"#
    let quoted = String(decoding: try JSONEncoder().encode(name), as: UTF8.self).dropFirst()
      .dropLast()
    let lines = MadeResults.lines().map { $0.replacing("person", with: quoted) }
    try place.write(MadeResults.text(lines), to: "evil.jsonl")
    #expect(try report("evil.jsonl", "-o", "a.html").status == 0)
    let outcome = try Program.shell(
      """
      timeout 120 chromium --headless --no-sandbox --disable-gpu --user-data-dir=profile \
        --enable-logging=stderr --virtual-time-budget=5000 --dump-dom "file://$PWD/a.html#t=1.5"
      """, in: place.path)
    // The page's script ran, and the browser complained about nothing.
    #expect(outcome.output.contains(#"data-cursor="1.50""#), "\(outcome.errors.suffix(2000))")
    #expect(!outcome.errors.contains("CONSOLE"), "\(outcome.errors.suffix(2000))")
    #expect(outcome.output.contains("<title>What happened in walk.mp4</title>"))
    #expect(!outcome.output.contains("<b id"))
  }

  /// Clicks, and puts what came of it into the page.
  private static let clicks = """
    addEventListener("load", () => {
      const result = { title: document.title };
      const byId = (id) => document.getElementById(id);
      const click = (canvas, x, y) => {
        const box = canvas.getBoundingClientRect();
        for (const type of ["pointerdown", "pointerup"]) {
          canvas.dispatchEvent(new PointerEvent(type,
            { clientX: box.left + x, clientY: box.top + y, pointerId: 1, bubbles: true }));
        }
      };
      const type = (id, text) => {
        byId(id).value = text;
        byId(id).dispatchEvent(new Event("input"));
      };
      const act = () => {
        // What waits for the next picture of the screen is drawn now.
        dispatchEvent(new Event("afterprint"));
        const canvas = byId("timeline");
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        result.drawn = pixels.filter((value, index) => index % 4 === 3 && value > 0).length;
        result.classes = byId("classes").rows.length;
        result.rows = byId("body").rows.length;
        byId("body").rows[1].querySelector(".jump").click();
        result.row = byId("video").currentTime;
        click(canvas, 128 + (canvas.clientWidth - 136) / 2, 30);
        result.timeline = byId("video").currentTime;
        type("find", "car");
        result.found = byId("rowcount").textContent;
        type("find", "");
        document.querySelector("#tabs [value=events]").click();
        result.events = byId("body").rows.length;
        result.whole = byId("shown").textContent;
        byId("zoomin").click();
        result.zoomed = byId("shown").textContent;
      };
      try { act(); } catch (error) { result.error = String(error.stack); }
      const shown = document.createElement("pre");
      shown.id = "result";
      shown.textContent = JSON.stringify(result);
      document.body.append(shown);
    });
    """
}
