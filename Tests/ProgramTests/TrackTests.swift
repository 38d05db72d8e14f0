import Foundation
import TestSupport
import Testing

@Suite("track")
struct TrackTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// A line of a frame with two people who walk, of whom one isn't detected now and then.
  private func frame(_ index: Int, source: String = "a", rate: Double = 10) -> String {
    let t = Double(index) / rate
    func object(_ x: Double, _ y: Double, _ label: String = "person") -> String {
      let box = "[\((x * 10).rounded() / 10),\(y),40.0,100.0]"
      return #"{"label":"\#(label)","class_id":1,"confidence":0.9,"bbox":\#(box)}"#
    }
    var objects = [object(50 + 30 * t, 100)]
    if !(30..<36).contains(index % 60) { objects.append(object(500 - 20 * t, 200)) }
    return #"{"type":"frame","source":"\#(source)","frame":\#(index),"pts":null,"t":\#(t),"#
      + #""width":640,"height":360,"objects":[\#(objects.joined(separator: ","))]}"#
  }

  private func run(_ count: Int, source: String = "a") -> [String] {
    [#"{"type":"source","source":"\#(source)","kind":"file","future":[1]}"#]
      + (0..<count).map { frame($0, source: source) }
      + [#"{"type":"end","source":"\#(source)","status":"complete"}"#]
  }

  private func track(_ arguments: String..., input: Data? = nil) throws -> Program.Outcome {
    try Program.run(["track"] + arguments, in: place.path, input: input)
  }

  private func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

  @Test("objects get numbers that stay the same, all other lines pass", arguments: [false, true])
  func numbers(isOffline: Bool) throws {
    let head = #"{"type":"run","schema":"stream-detect/1","x":1,"options":{"conf": 0.2,"y":[]}}"#
    let lines = [head, ""] + run(100) + [#"{"type":"summary","exit_code":0}"#, #"{"type":"new"}"#]
    try place.write(text(lines), to: "run.jsonl")
    let outcome = try track(
      "run.jsonl", "-o", "out.jsonl", "--track", isOffline ? "offline" : "online")
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    let written = try place.text("out.jsonl").split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    #expect(written.count == lines.count + 1)
    let mode = isOffline ? "offline" : "online"
    #expect(
      written[0] == #"{"type":"run","schema":"stream-detect/1","x":1,"options":{"conf":0.2,"y":[],"#
        + #""track":{"mode":"\#(mode)","ttl":2.0,"min":0.2,"coast":1.0,"conf":0.55,"#
        + #""boxes":"smoothed"}}}"#)
    for (before, after) in zip(lines, written).dropFirst() where !before.contains(#""frame""#) {
      #expect(after == before)
    }
    var ids: [Set<Int>] = []
    for (index, line) in try parsedLines(text(written.filter { $0.contains(#""frame""#) }))
      .enumerated()
    {
      #expect(line["frame"]?.integer == index)
      let objects = line["objects"]?.array ?? []
      ids.append(Set(objects.compactMap { $0["track_id"]?.integer }))
      if index == 33 {
        #expect(objects.filter { $0["predicted"] != nil }.count == 1)
        let schema = try Program.run(["schema"], in: place.path).output
        let faults = try JSONSchema(schema).faults(in: line)
        #expect(faults.isEmpty, "\(faults)")
      }
    }
    #expect(ids[(isOffline ? 0 : 3)...].allSatisfy { $0 == [1, 2] })
  }

  @Test("what was tracked can be tracked again: predicted boxes aren't detections")
  func again() throws {
    try place.write(text(run(100)), to: "run.jsonl")
    for (input, output) in [("run.jsonl", "once.jsonl"), ("once.jsonl", "twice.jsonl")] {
      #expect(try track(input, "-o", output).status == 0)
    }
    func objects(_ name: String) throws -> [[JSONValue]] {
      try parsedLines(place.text(name)).compactMap { $0["objects"]?.array }
    }
    let before = try objects("run.jsonl").map(\.count)
    for name in ["once.jsonl", "twice.jsonl"] {
      let after = try objects(name)
      #expect(after.map { $0.count { $0["predicted"] == nil } } == before)
      #expect(after.joined().contains { $0["predicted"] != nil })
      #expect(Set(after.joined().compactMap { $0["track_id"]?.integer }) == [1, 2])
    }
  }

  @Test("standard input gives the same bytes as a file, each frame as it comes")
  func pipes() throws {
    try place.write(text(run(50)), to: "run.jsonl")
    let whole = try track("run.jsonl")
    let piped = try track("-", input: Data(text(run(50)).utf8))
    #expect(whole.status == 0 && piped.status == 0 && whole.output == piped.output)
    // A pipe that stays open: what was read is written before more comes.
    let live = try Program.shell(
      "(cat run.jsonl; sleep 60) | $PROGRAM track - -o - | head -n 51; true", in: place.path)
    #expect(
      live.output == whole.output.split(separator: "\n").prefix(51).joined(separator: "\n") + "\n")
  }

  @Test("sources have numbers of their own, also if their lines are mixed")
  func sources() throws {
    let a = run(40)
    let b = run(40, source: "b")
    try place.write(text(zip(a, b).flatMap { [$0, $1] }), to: "mixed.jsonl")
    for mode in ["online", "offline"] {
      let mixed = try track("mixed.jsonl", "--track", mode).output.split(separator: "\n")
      for (source, lines) in [("a", a), ("b", b)] {
        try place.write(text(lines), to: "one.jsonl")
        let alone = try track("one.jsonl", "--track", mode).output.split(separator: "\n")
        #expect(mixed.filter { $0.contains(#""source":"\#(source)""#) } == alone)
      }
    }
  }

  @Test("boxes can be left as they were detected, without predicted ones")
  func detected() throws {
    try place.write(text(run(100)), to: "run.jsonl")
    for mode in ["online", "offline"] {
      let outcome = try track(
        "run.jsonl", "--track", mode, "--track-boxes", "detected", "--track-coast", "0")
      #expect(!outcome.output.contains("predicted") && outcome.output.contains("track_id"))
      let plain = outcome.output.replacing(/,"track_id":\d+/, with: "")
      #expect(plain == text(run(100)))
    }
  }

  @Test("a line that can't be read is named, and what was there stays")
  func damaged() throws {
    try place.write("before\n", to: "out.jsonl")
    for bad in ["{", #"{"type":"frame","source":"a"}"#, #"{"type":"frame","objects":[]}"#, "7"] {
      try place.write(text([frame(0), bad, frame(1)]), to: "run.jsonl")
      let outcome = try track("run.jsonl", "-o", "out.jsonl")
      #expect(outcome.status == 2 && outcome.errors.contains("run.jsonl:2: "), "\(outcome.errors)")
      #expect(try place.text("out.jsonl") == "before\n")
    }
  }

  @Test("wrong arguments are refused")
  func usage() throws {
    try place.write(text(run(3)), to: "run.jsonl")
    for arguments in [
      ["missing.jsonl"], ["."], ["run.jsonl", "-o", "run.jsonl"], [],
      ["run.jsonl", "--track-conf", "2"], ["run.jsonl", "--track-ttl", "x"],
      ["run.jsonl", "--track", "off"],
    ] {
      let outcome = try Program.run(["track"] + arguments, in: place.path)
      #expect(outcome.status == 2 && !outcome.errors.isEmpty, "\(arguments)")
    }
    let lost = try track("run.jsonl", "-o", "missing/out.jsonl")
    #expect(lost.status == 6)
  }

  @Test(
    "detect --track numbers objects, the same bytes with any number of threads", .requires(.media))
  func detect() throws {
    let outcomes = try ["1", "3"].map {
      try place.detect(
        media("plain.mp4"), "--track", "online", "--track-min", "0", "--track-conf", "0.3",
        "--conf", "0.3", "--threads", $0)
    }
    let frames = try outcomes.map { try $0.lines("frame") }
    #expect(outcomes[0].status == 0 && frames[0].count == 50, "\(outcomes[0].errors)")
    #expect(frames[0] == frames[1])
    let objects = frames[0].flatMap { $0["objects"]?.array ?? [] }
    #expect(objects.contains { $0["track_id"]?.integer == 1 })
    #expect(try outcomes[0].end()["objects"]?.integer == objects.count)
    let plain = try place.detect(media("plain.mp4"), "--conf", "0.3", "--limit", "5")
    #expect(plain.status == 0 && !plain.output.contains("track_id"))
    let video = try place.detect(
      media("plain.mp4"), "--track", "online", "--video", "out.mp4", "--overlay", "box,track")
    #expect(video.status == 0 && place.exists("out.mp4"), "\(video.errors)")
    let run = try outcomes[0].lines("run").first
    #expect(run?["options"]?["track"]?["mode"]?.string == "online")
    #expect(run?["options"]?["track"]?["conf"]?.number == 0.3)
    #expect(try plain.lines("run").first?["options"]?["track"] == nil)
  }

  @Test("--track alone means online, and leaves the source behind it alone", .requires(.media))
  func bare() throws {
    let named = try place.detect(media("plain.mp4"), "--track", "online", "--limit", "9")
    #expect(named.status == 0, "\(named.errors)")
    for arguments in [
      ["--track", media("plain.mp4")], ["--track", "--", media("plain.mp4")],
      [media("plain.mp4"), "--track"], ["--track=online", media("plain.mp4")],
    ] {
      let outcome = try Program.run(
        ["detect", "--limit", "9", "--model", TinyModel.detector] + arguments, in: place.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try outcome.lines("frame") == named.lines("frame"))
      #expect(try outcome.lines("run").first?["options"]?["track"] != nil)
    }
    let off = try place.detect(media("plain.mp4"), "--track", "off", "--limit", "1")
    #expect(try off.status == 0 && off.lines("run").first?["options"]?["track"] == nil)
    let misspelt = try place.detect(media("plain.mp4"), "--track", "ofline")
    #expect(misspelt.status == 2 && misspelt.output.isEmpty)
    #expect(misspelt.errors.contains("'offline'"), "\(misspelt.errors)")
    // Behind "--" it is the name of a file.
    let file = try place.detect("--", "--track")
    #expect(file.status != 0 && file.errors.contains("--track: "), "\(file.errors)")
  }

  @Test(
    "detect --track offline writes each frame once, in order, and refuses what can't wait",
    .requires(.media))
  func detectOffline() throws {
    let outcomes = try ["1", "3"].map {
      try place.detect(
        media("plain.mp4"), media("odd.mkv"), "--track", "offline", "--track-min", "0",
        "--track-conf", "0.3", "--conf", "0.3", "--threads", $0)
    }
    #expect(outcomes[0].status == 0, "\(outcomes[0].errors)")
    try checkAccount(outcomes[0])
    let frames = try outcomes.map { try $0.lines("frame") }
    #expect(frames[0] == frames[1] && frames[0].first?["frame"]?.integer == 0)
    #expect(frames[0].contains { $0["objects"]?.array?.contains { $0["track_id"] != nil } == true })
    for option in [
      ["--video", "a.mp4"], ["--frames", "f"], ["--crops", "c", "--jsonl", "x.jsonl"],
    ] {
      let refused = try Program.run(
        [media("plain.mp4"), "--model", TinyModel.detector, "--track", "offline"] + option,
        in: place.path)
      #expect(refused.status == 2 && refused.output.isEmpty, "\(option)")
      #expect(refused.errors.contains(option[0]) && refused.errors.contains("stream-detect track"))
    }
    let live = try place.detect("rtsp://127.0.0.1:1/x", "--track", "offline")
    #expect(live.status == 2 && live.errors.contains("--track offline"), "\(live.errors)")
  }

  @Test("what the schema doesn't have stays in the lines of frames")
  func unknownKeys() throws {
    let text =
      #"{"type":"frame","source":"a","frame":0,"pts":null,"t":0.0,"flags":["corrupt","x"],"#
      + #""objects":[{"label":"person","new": {"a":"}]","b":[1,2.50]},"confidence":0.9,"#
      + #""bbox":[1.0,2.0,30.0,40.0],"z":null}],"\u0061b":"q\"","light":1e3}"#
    try place.write(text + "\n", to: "run.jsonl")
    let outcome = try track("run.jsonl")
    #expect(
      outcome.output == #"{"type":"frame","source":"a","frame":0,"pts":null,"t":0.0,"#
        + #""flags":["corrupt","x"],"objects":[{"label":"person","confidence":0.9,"#
        + #""bbox":[1.0,2.0,30.0,40.0],"new":{"a":"}]","b":[1,2.50]},"z":null}],"#
        + #""ab":"q\"","light":1e3}"# + "\n")
    // Once more: nothing changes any more.
    try place.write(outcome.output, to: "again.jsonl")
    #expect(try track("again.jsonl").output == outcome.output)
  }

  @Test("eval --tracks measures one sequence, or all of a folder")
  func evaluation() throws {
    let boxes = (0..<100).map { index in
      let t = Double(index) / 10
      return "\(index + 1),7,\(50 + 30 * t),100,40,100,1,2,1\n"
        + "\(index + 1),8,\(500 - 20 * t),200,40,100,1,2,1\n"
    }
    for name in ["one", "two"] {
      try FileManager.default.createDirectory(
        atPath: place.path + "/truth/\(name)", withIntermediateDirectories: true)
      try FileManager.default.createDirectory(
        atPath: place.path + "/found", withIntermediateDirectories: true)
      try place.write(boxes.joined(), to: "truth/\(name)/gt.txt")
      try place.write(text(run(100)), to: "run.jsonl")
      #expect(try track("run.jsonl", "-o", "found/\(name).jsonl", "--track", "offline").status == 0)
    }
    func eval(_ arguments: String...) throws -> Program.Outcome {
      try Program.run(["eval", "--tracks"] + arguments, in: place.path)
    }
    let all = try eval("--truth", "truth", "--pred", "found")
    #expect(all.status == 0 && all.output.split(separator: "\n").count == 4, "\(all.errors)")
    let one = try eval(
      "--truth", "truth/one/gt.txt", "--pred", "found/one.jsonl", "--format", "json")
    let json = try JSONValue(parsing: one.output)
    #expect((json["all"]?["IDF1"]?.number ?? 0) > 0.99 && json["all"]?["switches"]?.integer == 0)
    let same = try eval("--truth", "found/one.jsonl", "--pred", "found/one.jsonl")
    #expect(same.output.contains("100.0"))
    #expect(try eval("--truth", "truth").status == 2)
    #expect(try eval("--truth", "found", "--pred", "found").status == 2)
    #expect(try eval("--truth", "run.jsonl", "--pred", "missing.jsonl").status == 2)
  }
}
