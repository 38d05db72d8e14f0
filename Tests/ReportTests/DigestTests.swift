import Annotations
import Foundation
import Geometry
import TestSupport
import Testing

@testable import Report

@Suite("Digest")
struct DigestTests {
  @Test("classes, tracks and stays are counted")
  func figures() throws {
    let lines = [
      Lines.run("r"), Lines.source(),
      Lines.frame(0, [Lines.object("person", 1, confidence: 0.5), Lines.object("car")]),
      Lines.frame(0.5, [Lines.object("person", 1, confidence: 0.9), Lines.object("person", 2)]),
    ]
    let pause = (2..<8).map { Lines.frame(Double($0) / 2) }
    let rest = [
      // Track 1 is away for more than a second; a predicted box is no detection.
      Lines.frame(4, [Lines.object("person", 1, confidence: 0.99, isPredicted: true)]),
      Lines.end(), #"{"type":"summary","exit_code":0}"#, "", #"{"type":"new"}"#,
      #"{"type":"classes","source":"a","classes":[]}"#,
    ]
    let run = try digest(lines + pause + rest)
    let source = try #require(run.sources.first)
    #expect(run.sources.count == 1 && run.otherLines == 1 && run.wholeFrameLines == 1)
    #expect(source.frames == 9 && source.objects == 5 && source.status == "complete")
    #expect(source.first == 0 && source.last == 4 && source.length == 4)
    let person = source.classes[0]
    #expect(person.label == "person" && person.objects == 4 && person.frames == 3)
    #expect(person.peak == 2 && person.bestConfidence == 0.9)
    #expect(person.first == 0 && person.last == 4)
    #expect(source.classes[1].label == "car" && source.classes[1].last == 0)
    #expect(source.trackCounts == [2, 0])
    let track = source.tracks[0]
    #expect(track.id == 1 && track.frames == 3 && track.length == 4)
    #expect(track.bestConfidence == 0.9 && track.sight?.t == 0.5)
    #expect(track.spans == [.init(start: 0, end: 0.5), .init(start: 4, end: 4)])
    #expect(source.longestTracks(1).map(\.id) == [1])
    #expect(source.longestTracks(5).map(\.id) == [1, 2])
    #expect(!run.isCut)
  }

  @Test("a track has the class that it has most often")
  func votes() throws {
    let labels = ["van", "car", "car", "van", "car"]
    let source = try digest(
      labels.enumerated().map { Lines.frame(Double($0), [Lines.object($1, 7)]) }
    ).sources[0]
    #expect(source.classes[source.tracks[0].classIndex].label == "car")
    #expect(source.trackCounts == [0, 1])
  }

  @Test("time without frames is reported: a lost source and a jump, but not a slow pace")
  func gaps() throws {
    func gap(_ state: String) -> String {
      #"{"type":"gap","source":"a","state":"\#(state)","reason":"read_timeout"}"#
    }
    let camera =
      [Lines.source(kind: "live")]
      + (0..<5).map { Lines.frame(Double($0), wall: "2026-01-01T00:00:0\($0 + 2).000Z") }
      + [gap("lost"), gap("lost"), gap("restored"), Lines.frame(9), Lines.frame(10)]
    let source = try digest(camera).sources[0]
    #expect(source.gaps == [GapDigest(start: 4, end: 9, reason: "read_timeout")])
    #expect(source.losses == 1 && source.gapSeconds == 5 && source.status == nil)
    #expect(source.wall == Date(timeIntervalSince1970: 1_767_225_602))
    let jump = (0..<50).map { Lines.frame(Double($0) / 10) } + [Lines.frame(30)]
    #expect(try digest(jump).sources[0].gaps == [GapDigest(start: 4.9, end: 30, reason: nil)])
    #expect(try digest((0..<9).map { Lines.frame(Double($0) * 60) }).sources[0].gaps.isEmpty)
  }

  @Test("a source goes on in the next file of its run, and is another one in another run")
  func files() throws {
    let one = [Lines.run("r"), Lines.source(), Lines.frame(0)]
    let two = [Lines.run("r"), Lines.source(), Lines.frame(1), Lines.end()]
    #expect(try digest(one, two).sources.map(\.frames) == [2])
    #expect(try digest(one, [Lines.run("s")] + two.dropFirst()).sources.map(\.frames) == [1, 1])
    // After its end, a source of the same name is a new one.
    #expect(try digest(two + two.dropFirst()).sources.map(\.frames) == [1, 1])
    // Lines of other programs have neither.
    let foreign = try digest([Lines.frame(0), Lines.frame(1, source: "b")], [Lines.frame(2)])
    #expect(foreign.sources.map(\.name) == ["a", "b", "a"])
    #expect(foreign.sources.map(\.file) == [0, 0, 1])
  }

  @Test("pictures are one source together")
  func pictures() throws {
    let lines = (0..<30).flatMap { index in
      [
        Lines.source("\(index).jpg", kind: "image"),
        Lines.frame(0, source: "\(index).jpg", [Lines.object("cat", 3)]),
        Lines.end("\(index).jpg", status: index == 7 ? "truncated" : "complete"),
      ]
    }
    let run = try digest(lines + [Lines.source(), Lines.frame(0)])
    #expect(run.sources.count == 2)
    #expect(run.sources[0].pictures == 30 && run.sources[0].objects == 30)
    #expect(run.sources[0].last == 29 && !run.sources[0].isTracked)
    #expect(run.sources[0].status == "truncated")
  }

  @Test("crossings and stays in zones come from events, and tracks where there are no frames")
  func events() throws {
    let events = [
      Lines.event("start", at: 1),
      Lines.event("enter", at: 2, #","zone":"door""#),
      Lines.event("enter", at: 3, track: 2, #","zone":"door""#),
      Lines.event("cross", at: 4, #","line":"gate","direction":"in""#),
      Lines.event("cross", at: 4.5, track: 2, #","line":"gate","direction":"out""#),
      Lines.event("cross", at: 4.6, track: 3, label: "dog", #","line":"gate","direction":"in""#),
      Lines.event("leave", at: 6, #","zone":"door","dwell":4"#),
      Lines.event("leave", at: 5, track: 2, #","zone":"door","dwell":2"#),
      Lines.event("end", at: 9), #"{"type":"event"}"#,
    ]
    let source = try digest(events).sources[0]
    #expect(source.places.crossings.map(\.line) == ["gate", "gate"])
    #expect(source.places.crossings.map(\.counts) == [["in": 1, "out": 1], ["in": 1]])
    let visits = try #require(source.places.visits.first)
    #expect(visits.entered == 2 && visits.left == 2 && visits.peak == 2)
    #expect(visits.meanDwell == 3 && visits.longestDwell == 4)
    #expect(source.events.count == 9 && source.tracks.map(\.id) == [1])
    #expect(source.tracks[0].start == 1 && source.tracks[0].end == 9)
    let seen = try digest([Lines.frame(0, [Lines.object("person", 1)])] + events).sources[0]
    #expect(seen.tracks[0].end == 0 && seen.tracks[0].frames == 1)
  }

  @Test("lines and zones of the run line at which nothing happened are named")
  func quiet() throws {
    let places =
      #"[{"name":"gate","points":[[0,0],[1,1]],"anchor":"bottom"},"#
      + #"{"name":"exit","points":[[0,0],[1,0]],"anchor":"top","later":1}]"#
    let head = #"{"type":"run","run_id":"r","options":{"lines":\#(places),"zones":\#(places)}}"#
    let cross = Lines.event("cross", at: 1, #","line":"gate","direction":"in""#)
    let enter = Lines.event("enter", at: 1, #","zone":"exit""#)
    let run = try digest([head, Lines.source(), Lines.frame(0), cross, enter], [Lines.frame(0)])
    #expect(run.sources.map(\.quietPlaces) == [["line exit", "zone gate"], []])
    #expect(run.sources[0].lines == ["gate", "exit"])
    let json = try JSONValue(parsing: String(decoding: run.json(top: 1), as: UTF8.self))
    let quiet = json["sources"]?.array?.first?["quiet"]?.array?.compactMap(\.string)
    #expect(quiet == ["line exit", "zone gate"])
  }

  @Test("lines other than frames may lack anything; a line that can't be read is named")
  func lenient() throws {
    let odd = [
      #"{"type":"source","source":5}"#, #"{"type":"source","source":"a","width":-3,"avg_fps":[0]}"#,
      #"{"type":"end"}"#, #"{"type":"gap","source":"a"}"#, #"{"type":7}"#, "{}",
      #"{"type":"event","source":"a","t":1e300,"track_id":"x"}"#,
      #"{"type":"frame","source":"a","objects":[],"t":-1e300}"#,
    ]
    #expect(try digest(odd).lines == odd.count)
    for bad in [
      "{", "7", #"{"type":"frame","source":"a"}"#, "\u{0}", #"{"type":"frame","objects":[]}"#,
    ] {
      let error = #expect(throws: AnnotationError.self) { try digest([Lines.frame(0), bad]) }
      #expect(error?.path.hasPrefix("run.jsonl:2") == true)
    }
  }

  @Test("what a file may hold has a limit")
  func limits() throws {
    let many = (0..<600).map { Lines.object("class \($0)") }
    let run = try digest([Lines.frame(0, many), Lines.frame(1, many)])
    #expect(run.isCut && run.sources[0].classes.count == DigestLimits.classes + 1)
    #expect(run.sources[0].classes.reduce(0) { $0 + $1.objects } == 1200)
    #expect(run.sources[0].classes.last?.label == "(other classes)")
  }

  @Test("time becomes coarser with the length, and peaks stay")
  func course() {
    var course = Course()
    var random = SplitMix64(seed: 9)
    var truth: [(t: Double, count: Int)] = []
    for index in 0..<20_000 {
      let (t, count) = (100 + Double(index) * 1.7, Int.random(in: 0...9, using: &random))
      truth.append((t, count))
      course.add(t, [(2, count)])
    }
    #expect(course.frames.count <= Course.most && course.width == 4)
    #expect(course.frames.reduce(0, +) == 20_000)
    for (bin, peak) in course.peaks[2].enumerated() {
      let from = course.origin + Double(bin) * course.width
      let inside = truth.filter { $0.t >= from && $0.t < from + course.width }
      #expect(Int(peak) == inside.map(\.count).max() ?? 0)
      if bin > 200 { break }
    }
    let coarse = course.coarsened(to: 100, least: 0)
    #expect(coarse.frames.count <= 100 && coarse.frames.reduce(0, +) == 20_000)
    #expect(coarse.peaks[2].max() == course.peaks[2].max())
    #expect(course.coarsened(to: 1 << 20, least: 30).width == 32)
  }

  @Test("when and where is kept of so many classes of all sources, and the rest is counted")
  func detailedClasses() throws {
    let files = (0..<30).map { file in
      [Lines.source("s\(file)")]
        + [Lines.frame(0, source: "s\(file)", (0..<50).map { Lines.object("class \($0)") })]
    }
    var lines: [String] = []
    for file in files { lines += file }
    let run = try digest(lines)
    let kept = run.sources.reduce(0) { $0 + $1.classes.count { $0.heat != nil } }
    #expect(kept == DigestLimits.detailedClasses && kept < 1500)
    #expect(run.sources.allSatisfy { $0.objects == 50 && $0.classes.count == 50 })
    #expect(run.isCut && !run.sources[0].isCut)
  }

  @Test("results of events only have the frames and times of their end line")
  func eventsOnly() throws {
    let end =
      #"{"type":"end","source":"a","status":"complete","reason":null,"frames":"#
      + #"{"decoded":200,"processed":190,"skipped":10,"dropped":0,"failed":0},"#
      + #""first_t":0.0,"last_t":19.9}"#
    let run = try digest([Lines.source(), Lines.event("start", at: 6.4), end])
    let source = try #require(run.sources.first)
    #expect(source.frames == 190 && source.first == 0 && source.last == 19.9)
    #expect(source.hasOnlyEvents)
  }

  @Test("the heat map is that of boxes painted one by one")
  func heat() {
    var grid = HeatGrid(width: 192, height: 100)
    #expect(grid.columns == 96 && grid.rows == 50)
    var random = SplitMix64(seed: 3)
    var cover = [UInt32](repeating: 0, count: 96 * 50)
    var feet = cover
    for _ in 0..<300 {
      // Boxes of even sides at even places fill whole cells; some reach over the border.
      let (x, y) = (
        Int.random(in: -10...95, using: &random), Int.random(in: -10...49, using: &random)
      )
      let (w, h) = (Int.random(in: 1...40, using: &random), Int.random(in: 1...40, using: &random))
      guard x + w > 0, y + h > 0 else { continue }
      grid.add(
        PixelBox(x: Double(2 * x), y: Double(2 * y), width: Double(2 * w), height: Double(2 * h)),
        width: 192, height: 100)
      for row in max(y, 0)..<min(y + h, 50) {
        for column in max(x, 0)..<min(x + w, 96) { cover[row * 96 + column] += 1 }
      }
      let foot = min(max((2 * x + w) / 2, 0), 95)
      feet[(min(y + h, 50) - 1) * 96 + foot] += 1
    }
    #expect(grid.cover == cover)
    #expect(grid.feet == feet)
    grid.add(PixelBox(x: 1e7, y: -1e7, width: 0, height: 0), width: 192, height: 100)
    #expect(grid.feet.reduce(0, +) == feet.reduce(0, +) + 1)
  }
}
