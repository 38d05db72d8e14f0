import Foundation
import TestSupport
import Testing

@Suite("Zones, lines and events")
struct EventTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// Two people who walk through a picture of 640 x 360 at ten frames a second.
  private func run(_ count: Int = 100, ids: Bool = false, size: Bool = true) -> [String] {
    func frame(_ index: Int) -> String {
      let t = Double(index) / 10
      func object(_ x: Double, _ y: Double, _ id: Int) -> String {
        let box = "[\((x * 10).rounded() / 10),\(y),40.0,100.0]"
        let track = ids ? #","track_id":\#(id)"# : ""
        return #"{"label":"person","class_id":1,"confidence":0.9,"bbox":\#(box)\#(track)}"#
      }
      // Feet at 70 + 30 t, 200 and 520 - 20 t, 300.
      let objects = [object(50 + 30 * t, 100, 1), object(500 - 20 * t, 200, 2)]
      return #"{"type":"frame","source":"a","frame":\#(index),"pts":null,"t":\#(t),"#
        + (size ? #""width":640,"height":360,"# : "")
        + #""objects":[\#(objects.joined(separator: ","))]}"#
    }
    return [#"{"type":"source","source":"a","kind":"file"}"#]
      + (0..<count).map(frame) + [#"{"type":"end","source":"a","status":"complete"}"#]
  }

  private func write(_ lines: [String]) throws {
    try place.write(lines.map { $0 + "\n" }.joined(), to: "run.jsonl")
  }

  private func track(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(["track", "run.jsonl"] + arguments, in: place.path)
  }

  private let options = [
    "--zone", "door=100,150 160,150 160,250 100,250 px",
    "--line", "gate=0.203125,1 0.203125,0",
  ]

  @Test(
    "track tells enters, leaves and crossings within a frame",
    arguments: ["online", "offline", "keep"])
  func truth(mode: String) throws {
    try write(run(ids: mode == "keep"))
    let outcome = try Program.run(
      ["track", "run.jsonl", "--track", mode] + options, in: place.path)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let schema = try JSONSchema(Program.run(["schema"], in: place.path).output)
    let lines = try outcome.lines()
    let events = lines.filter { $0["type"]?.string == "event" }
    for line in lines.filter({ ["event", "frame"].contains($0["type"]?.string) }) {
      #expect(schema.faults(in: line).isEmpty, "\(schema.faults(in: line))")
    }
    func times(_ key: String, _ value: String) -> [Double] {
      events.filter { $0[key]?.string == value }.compactMap { $0["t"]?.number }
    }
    for (found, truth) in [
      (times("change", "enter"), 1.0), (times("change", "leave"), 3.0),
      (times("direction", "in"), 2.0),
    ] {
      #expect(found.count == 1 && abs(found[0] - truth) < 0.1, "\(found) \(truth)")
    }
    #expect(times("direction", "out").isEmpty)
    let leave = try #require(events.first { $0["change"]?.string == "leave" })
    #expect(abs((leave["dwell"]?.number ?? 0) - 2) < 0.1 && leave["occupancy"]?.integer == 0)
    #expect(leave["zone"]?.string == "door" && leave["id"]?.string == "a-1")
    #expect(times("phase", "start").count == 2 && times("phase", "end").count == 2)
    // Objects have their zones, and an event comes after the frame with which it is known.
    let inside = lines.filter { line in
      line["objects"]?.array?.contains { $0["zones"]?.array?.first?.string == "door" } == true
    }
    #expect((18...24).contains(inside.count), "\(inside.count)")
    var frame = -1
    for line in lines {
      if line["type"]?.string == "frame" { frame = line["frame"]?.integer ?? -1 }
      if line["type"]?.string == "event" { #expect(line["frame"]?.integer ?? 0 <= frame) }
    }
    #expect(lines.last?["type"]?.string == "end")
    // The same bytes again, and only the events.
    let again = try Program.run(
      ["track", "run.jsonl", "--track", mode] + options, in: place.path)
    #expect(again.output == outcome.output)
    let only = try Program.run(
      ["track", "run.jsonl", "--track", mode, "--events-only"] + options, in: place.path)
    let plain = outcome.output.split(separator: "\n").filter { !$0.contains(#""type":"frame""#) }
    #expect(only.output.split(separator: "\n") == plain)
  }

  @Test("events of an earlier run are replaced")
  func again() throws {
    try write(run())
    #expect(try track("--events", "-o", "once.jsonl").status == 0)
    let twice = try Program.run(
      ["track", "once.jsonl", "--track", "keep", "--events"], in: place.path)
    // Lines don't tell what was seen before a track had its number, so times may be later.
    let once = try place.text("once.jsonl").split(separator: "\n")
    func frames(_ lines: [Substring]) -> [Substring] {
      lines.filter { $0.contains(#""type":"frame""#) }
    }
    #expect(frames(twice.output.split(separator: "\n")) == frames(once))
    let told = try once.map { try JSONValue(parsing: String($0)) }
      .filter { $0["type"]?.string == "event" }
    func what(_ events: [JSONValue]) -> [[String?]] {
      events.map { [$0["id"]?.string, $0["phase"]?.string, $0["change"]?.string] }
    }
    #expect(try what(twice.lines("event")) == what(told))
    #expect(told.count == 4)
  }

  @Test("the run line has the zones and lines of the events, and keeps what else it has")
  func recorded() throws {
    let old = #"[{"name":"old","points":[[0,0],[1,1]],"anchor":"bottom"}]"#
    let head =
      #"{"type":"run","schema":"stream-detect/1","later":{"a":[1]},"options":{"conf":0.2,"#
      + #""mask":["0,0 1,0 1,1"],"new":7,"zones":\#(old),"lines":\#(old)}}"#
    try write([head] + run(3, ids: true))
    try place.write(
      "zones: {door: {points: [[10, 20], [30, 20], [30, 40.5]], unit: px, anchor: top, "
        + "classes: [person], loiter: 30s}}", to: "zones.yaml")
    let more = ["--zones", "zones.yaml", "--line", "gate=0,0.25 1,0.75", "-o", "out.jsonl"]
    for mode in ["online", "keep"] {
      let outcome = try Program.run(
        ["track", "run.jsonl", "--track", mode] + more, in: place.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let line = try parsedLines(place.text("out.jsonl"))[0]
      let options = line["options"]
      #expect(line["later"]?["a"]?.array?.count == 1 && options?["new"]?.integer == 7)
      #expect(options?["conf"]?.number == 0.2 && options?["mask"]?.array?.count == 1)
      #expect((options?["track"] == nil) == (mode == "keep"))
      #expect(options?["zones"]?.array?.count == 1 && options?["lines"]?.array?.count == 1)
      let (door, gate) = (options?["zones"]?.array?[0], options?["lines"]?.array?[0])
      #expect(door?["name"]?.string == "door" && door?["anchor"]?.string == "top")
      #expect(door?["unit"]?.string == "px" && door?["loiter"]?.number == 30)
      #expect(door?["classes"] == .array([.string("person")]))
      #expect(door?["points"]?.array?[2].array?.compactMap(\.number) == [30, 40.5])
      #expect(gate?["name"]?.string == "gate" && gate?["unit"] == nil && gate?["classes"] == nil)
      #expect(gate?["points"]?.array?[1].array?.compactMap(\.number) == [1, 0.75])
    }
    // Without events there are no zones that were watched.
    let plain = try track()
    let options = try plain.lines("run").first?["options"]
    #expect(options?["zones"] == nil && options?["lines"] == nil && options?["mask"] != nil)
    let summary = try Program.run(["summary", "out.jsonl"], in: place.path)
    #expect(summary.output.contains("nothing happened at line gate, zone door"))
  }

  @Test("zones of a file and of the command line come together")
  func file() throws {
    try write(run())
    try place.write(
      """
      zones:
        door: {points: "100,150 160,150 160,250 100,250 px", classes: person}
        cars: {points: "0,0 1,0 1,1 0,1", classes: [car]}
      """, to: "zones.yaml")
    let outcome = try track(
      "--zones", "zones.yaml", "--zone", "all=0,0 1,0 1,1 0,1", "--events-only")
    let names = try outcome.lines("event").filter { $0["change"]?.string == "enter" }
      .compactMap { $0["zone"]?.string }
    #expect(names.sorted() == ["all", "all", "door"])
  }

  @Test("what is wrong with zones is named, with exit code 2")
  func refusals() throws {
    try write(run(3))
    try place.write("zones:\n  a:\n    points: 0,0 1,1\n", to: "two.yaml")
    try place.write("zones:\n  a:\n    pionts: 0,0 1,1\n", to: "typo.json")
    try place.write("lines: {a: {points: \"0,0 700,300 px\"}}\n", to: "far.yaml")
    for (arguments, message) in [
      (["--zones", "two.yaml"], "two.yaml:3:13: 'zones.a': It has 2 points."),
      (["--zones", "typo.json"], "typo.json:3:5: 'zones.a' has no key 'pionts'. Nearest: points."),
      (["--zones", "far.yaml"], "run.jsonl:2: line 'a': The point 700,300 lies outside"),
      (["--zones", "none.yaml"], "none.yaml: The file cannot be read"),
      (["--zones", "."], ".: The file cannot be read"),
      (["--zone", "a=0,0 1,1 1,0 0,0.5"], "cross or touch"),
      (["--zone", "a=0,0 1,1"], "--zone 'a=0,0 1,1': It has 2 points."),
      (["--line", "a=0,0 0.5"], "'0.5' isn't a point"),
      (["--line", "a=0,0 1,1", "--line", "a=0,1 1,0"], "line 'a': The name is given twice."),
      (["--track", "keep"], "--track keep changes nothing"),
      (["--zones", "far.yaml", "-o", "far.yaml"], "far.yaml"),
    ] {
      let outcome = try Program.run(["track", "run.jsonl"] + arguments, in: place.path)
      #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
    try write(run(3, size: false))
    let unknown = try track("--zone", "a=0,0 1,1 0,1")
    #expect(unknown.status == 2 && unknown.errors.contains("run.jsonl:2: zone 'a'"))
    let pixels = try track("--zone", "a=0,0 100,100 0,100 px")
    #expect(pixels.status == 0)
  }

  @Test("detect writes events, the same bytes with any number of threads", .requires(.media))
  func detect() throws {
    let arguments = [
      "--conf", "0.3", "--track-conf", "0.3", "--track-min", "0",
      "--zone", "all=0,0 1,0 1,1 0,1", "--line", "mid=0,0.5 1,0.5",
    ]
    func detect(_ more: String...) throws -> Program.Outcome {
      try Program.run(
        ["detect", media("plain.mp4"), "--model", TinyModel.detector] + arguments + more,
        in: place.path)
    }
    let outcome = try detect("--threads", "1")
    try checkAccount(outcome)
    let schema = try JSONSchema(Program.run(["schema"], in: place.path).output)
    let head = try #require(try outcome.lines("run").first)
    #expect(schema.faults(in: head).isEmpty, "\(schema.faults(in: head))")
    #expect(head["options"]?["zones"]?.array?.first?["name"]?.string == "all")
    #expect(head["options"]?["lines"]?.array?.first?["name"]?.string == "mid")
    let events = try outcome.lines("event")
    #expect(outcome.status == 0 && !events.isEmpty, "\(outcome.errors)")
    for phase in ["start", "end"] {
      let ids = events.filter { $0["phase"]?.string == phase }.compactMap { $0["id"]?.string }
      #expect(Set(ids).count == ids.count && ids.count > 0)
    }
    let enters = events.filter { $0["change"]?.string == "enter" }.count
    #expect(enters > 0 && events.filter { $0["change"]?.string == "leave" }.count == enters)
    let other = try detect("--threads", "3", "--events-only").lines().dropFirst().dropLast()
    #expect(other.filter { $0["type"]?.string == "event" } == events)
    #expect(!other.contains { $0["type"]?.string == "frame" })
    // From the lines.
    try place.write(try detect().output, to: "run.jsonl")
    let kept = try track(
      "--track", "keep", "--track-conf", "0.3", "--zone", "all=0,0 1,0 1,1 0,1",
      "--line", "mid=0,0.5 1,0.5")
    // Without what was seen before the numbers, which may be too little to believe an object.
    func objects(_ events: [JSONValue]) -> Set<String> {
      Set(events.filter { $0["phase"]?.string == "end" }.compactMap { $0["id"]?.string })
    }
    let told = try objects(kept.lines("event"))
    #expect(!told.isEmpty && told.isSubset(of: objects(events)))
    let drawn = try detect("--frames", "drawn")
    let plain = try detect("--frames", "plain", "--overlay", "box,label,conf,track")
    #expect(drawn.status == 0 && plain.status == 0)
    let picture = media("plain.mp4") + "/000010.jpg"
    #expect(
      try Data(contentsOf: URL(filePath: place.path + "/drawn" + picture))
        != Data(contentsOf: URL(filePath: place.path + "/plain" + picture)))
  }

  @Test("detect refuses zones that don't fit its model or its picture", .requires(.media))
  func misfits() throws {
    let unknown = try place.detect(media("plain.mp4"), "--zones", "zones.yaml")
    #expect(unknown.status == 2 && unknown.errors.contains("zones.yaml"))
    try place.write(
      "zones: {a: {points: \"0,0 1,0 1,1\", classes: [no such thing]}}", to: "zones.yaml")
    let classes = try place.detect(media("plain.mp4"), "--zones", "zones.yaml")
    #expect(classes.status == 2 && classes.errors.contains("no such thing"), "\(classes.errors)")
    // The picture of the second is large enough.
    let far = try place.detect(
      media("image.jpg"), media("plain.mp4"), "--zone", "a=0,0 130,0 130,90 px", "--limit", "2")
    #expect(far.status == 3 && far.errors.contains("lies outside of the picture"))
    #expect(far.errors.ranges(of: "error: ").count == 1, "\(far.errors)")
    let ends = try far.lines("end")
    #expect(ends.map { $0["status"]?.string } == ["failed", "complete"], "\(far.errors)")
    #expect(ends.first?["reason"]?.string?.hasPrefix("zone: zone 'a'") == true)
    #expect(ends.first?["frames"]?["decoded"]?.integer == 0)
    let quiet = try place.detect(media("plain.mp4"), "--frames", "f", "--events-only")
    #expect(quiet.status == 2 && quiet.errors.contains("--events-only"))
  }
}
