import Annotations
import Foundation
import Geometry
import TestSupport
import Testing

@testable import Report

@Suite("Page")
struct PageTests {
  private func text(_ digest: RunDigest, media: [Int: PageMedia] = [:]) -> String {
    String(decoding: ReportPage(digest, media: media, version: "1.2.3").html(), as: UTF8.self)
  }

  /// The data inside a page.
  private func data(_ page: String) throws -> JSONValue {
    let start = try #require(page.firstRange(of: #"id="data">"#))
    let end = try #require(page[start.upperBound...].firstRange(of: "</script>"))
    return try JSONValue(parsing: String(page[start.upperBound..<end.lowerBound]))
  }

  @Test("the data of the page are the figures")
  func figures() throws {
    let run = try digest(
      [Lines.run("r"), Lines.source()]
        + (0..<40).map { index in
          Lines.frame(
            Double(index),
            [Lines.object("cat")]
              + (index >= 10 ? [Lines.object("dog", 5), Lines.object("dog", 6)] : []))
        } + [Lines.event("cross", at: 3, #","line":"gate","direction":"in""#), Lines.end()])
    var media = PageMedia()
    media.videoAddress = "../a%20b.mp4"
    media.pictures[1] = [1, 2, 3]
    let source = try #require(try data(text(run, media: [0: media]))["sources"]?.array?.first)
    // Those with the most objects come first.
    #expect(
      source["classes"]?.array?.compactMap { $0["label"]?.string } == ["dog", "cat", "person"])
    #expect(source["tracks"]?["id"]?.array?.compactMap(\.integer) == [5, 6])
    #expect(source["tracks"]?["start"]?.array?.compactMap(\.integer) == [1000, 0])
    #expect(source["tracks"]?["length"]?.array?.compactMap(\.integer) == [2900, 2900])
    #expect(source["course"]?["width"]?.number == 2)
    #expect(source["course"]?["peaks"]?.array?[0].array?.compactMap(\.integer) == [-5, 2, -14])
    #expect(source["lines"]?.array?[0]["crossings"]?["in"]?.integer == 1)
    #expect(source["video"]?.string == "../a%20b.mp4")
    #expect(source["snapshots"]?.array?[0].array?[0].integer == 1)
    #expect(source["heat"]?["maps"]?.array?.count == 3)
    #expect(source["notes"]?.array?.isEmpty == true)
  }

  @Test("a parked car leaves the colours of the heat map to the ways of those who walk")
  func parked() throws {
    let run = try digest(
      [Lines.run("r"), Lines.source()]
        + (0..<400).map { index in
          let walker = Lines.object("person", 2, box: [Double(index % 80), 30, 10, 20])
          return Lines.frame(Double(index), [Lines.object("car", 1), walker])
        } + [Lines.end()])
    let source = try #require(try data(text(run))["sources"]?.array?.first)
    let feet = try #require(source["heat"]?["maps"]?.array?.first?["feet"])
    #expect(feet["most"]?.integer == 400)
    #expect(try #require(feet["full"]?.integer) <= 10)
    let cells = try #require(feet["bytes"]?.string.flatMap { Data(base64Encoded: $0) })
    #expect(cells.filter { $0 > 150 }.count >= 70)
  }

  @Test("values of which many are equal take little space, and come back")
  func runs() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<200 {
      let values = (0..<50).map { _ in
        Int.random(in: 0...3, using: &random) > 0 ? 0 : Int.random(in: 0...20, using: &random)
      }
      var (back, last) = ([Int](), 0)
      for run in PageSource.runs(values) {
        if run < 0 {
          back += [Int](repeating: last, count: -run)
        } else {
          last = run
          back.append(run)
        }
      }
      #expect(back == values)
    }
    #expect(PageSource.runs([0, 0, 0, 7, 7, 7, 7, 0]) == [-3, 7, -3, 0])
  }

  @Test("nothing of the results becomes markup or script")
  func injection() throws {
    let evil = #"</script><script>alert(1)</script><img src=x onerror=alert(2)>&\"' <!-- "#
    func json(_ text: String) -> String {
      String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
    }
    let name = json(evil)
    let lines = [
      #"{"type":"run","run_id":\#(name),"model":{"name":\#(name)}}"#,
      #"{"type":"source","source":\#(name),"uri":\#(name),"kind":"file","width":9,"height":9}"#,
      #"{"type":"frame","source":\#(name),"t":0,"width":9,"height":9,"objects":[{"label":\#(name),"#
        + #""confidence":1,"bbox":[1,1,5,5],"track_id":1}]}"#,
      #"{"type":"event","source":\#(name),"phase":\#(name),"change":\#(name),"t":1,"zone":\#(name),"#
        + #""label":\#(name),"direction":\#(name)}"#,
      #"{"type":"event","source":\#(name),"phase":"update","change":"cross","t":1,"#
        + #""line":\#(name),"label":\#(name),"direction":\#(name)}"#,
      #"{"type":"gap","source":\#(name),"state":"lost","reason":\#(name)}"#,
      #"{"type":"frame","source":\#(name),"t":9,"objects":[]}"#,
      #"{"type":"end","source":\#(name),"status":\#(name),"reason":\#(name)}"#,
    ]
    var media = PageMedia()
    media.videoName = evil
    let page = text(try digest(lines), media: [0: media])
    let plain = text(try digest([Lines.frame(0)]))
    for mark in ["<script", "</script", "<img", "<!--"] {
      let count = page.ranges(of: mark).count
      #expect(count == plain.ranges(of: mark).count, "\(mark)")
    }
    #expect(!page.contains("onerror=alert(2)>") || !page.contains("<img src=x"))
    let source = try #require(try data(page)["sources"]?.array?.first)
    #expect(source["name"]?.string?.hasPrefix("</script><script>") == true)
    // The browser is told to run nothing else, and to load nothing.
    #expect(page.contains("default-src 'none'; script-src 'sha256-"))
    let addresses = plain.ranges(of: "http").map { plain[$0.lowerBound...].prefix(20) }
    #expect(addresses.allSatisfy { $0.hasPrefix("http-equiv") }, "\(addresses)")
  }

  @Test("results without tracks say what to do")
  func untracked() throws {
    let page = try data(text(try digest([Lines.frame(0, [Lines.object("cat")])])))
    let source = try #require(page["sources"]?.array?.first)
    #expect(source["tracks"] == .null && source["course"] != .null)
    let notes = source["notes"]?.array?.compactMap(\.string).joined() ?? ""
    #expect(notes.contains("stream-detect track") && notes.contains("no end line"))
    #expect(try data(text(try digest([Lines.end("gone", status: "failed")])))["sources"] != nil)
  }

  @Test("ten hours with 80,000 tracks are less than 10 MB")
  func size() throws {
    var source = SourceDigest(name: "a", file: 0, keepsCourse: true)
    var room = 100
    var random = SplitMix64(seed: 12)
    let labels = (0..<20).map { "class \($0)" }
    // A frame a second; each track is there for four seconds, one in three with a break.
    for index in 0..<36_000 {
      let t = Double(index)
      let newest = Int(t * 80_000 / 36_000)
      let objects = max(newest - 8, 0)...newest
      source.take(
        FrameRecord(
          source: "a", index: index, t: t, width: 1920, height: 1080,
          objects: objects.compactMap { id in
            if id.isMultiple(of: 3), index % 4 > 1 { return nil }
            let x = Double.random(in: 0...1800, using: &random)
            return ObjectRecord(
              label: labels[id % 20], confidence: 0.5 + Double(id % 50) / 100,
              box: PixelBox(x: x, y: Double(id % 900), width: 90, height: 180), trackID: id)
          }), room: &room)
    }
    #expect(source.tracks.count > 79_000)
    var run = RunDigest(keepsCourse: true)
    run.add(source)
    var media = PageMedia()
    // As much as the pictures may take.
    media.pictures[5] = [UInt8](repeating: 7, count: 2_500_000)
    let page = ReportPage(run, media: [0: media], version: "1").html()
    #expect(page.count < 10_000_000, "\(page.count)")
    let text = String(decoding: page, as: UTF8.self)
    #expect(text.contains("The 60000 longest of \(source.tracks.count) tracks are shown."))
  }
}
