import Annotations
import Foundation
import TestSupport
import Testing

@Suite("JSON lines over several runs", .requires(.media))
struct GrowingLinesTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  @Test("--append adds runs, also after one that was killed in the middle of a line")
  func append() throws {
    for _ in 0..<2 {
      let outcome = try place.detect(media("image.jpg"), "--jsonl", "o.jsonl", "--append")
      #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    }
    let whole = try place.text("o.jsonl")
    try place.write(whole + #"{"type":"frame","sour"#, to: "o.jsonl")
    _ = try place.detect(media("image.jpg"), "--jsonl", "o.jsonl", "--append")
    let lines = try parsedLines(place.text("o.jsonl"))
    let schema = try JSONSchema(Record.jsonSchema)
    for line in lines { #expect(schema.faults(in: line).isEmpty, "\(line)") }
    #expect(lines.count { $0["type"]?.string == "run" } == 3)
    #expect(lines.count { $0["type"]?.string == "summary" } == 3)
  }

  @Test("lines are under the file's own name while the run goes on, and a kill loses none")
  func killed() throws {
    let running = try Running(
      Program.path,
      [String](repeating: media("plain.mp4"), count: 60) + [
        "--model", TinyModel.detector, "--jsonl", "o.jsonl", "--append", "--progress", "none",
      ], in: place.path)
    try running.waitUntil { (try? place.text("o.jsonl").contains(#""type":"end""#)) == true }
    running.send(SIGKILL)
    _ = try running.wait()
    let before = try place.text("o.jsonl").split(separator: "\n").count
    let outcome = try place.detect(media("image.jpg"), "--jsonl", "o.jsonl", "--append")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = try parsedLines(place.text("o.jsonl"))
    #expect(lines.count >= before && lines.last?["type"]?.string == "summary")
  }

  @Test("a growing file that reaches the limit of its size ends with a whole line")
  func limit() throws {
    let sources = [String](repeating: "'\(media("plain.mp4"))'", count: 8).joined(separator: " ")
    let outcome = try Program.shell(
      "ulimit -f 4; \"$PROGRAM\" \(sources) --model '\(TinyModel.detector)' --progress none "
        + "--jsonl o.jsonl --append", in: place.path)
    #expect(outcome.status == 6, "\(outcome.errors)")
    let text = try place.text("o.jsonl")
    #expect(text.hasSuffix("\n"))
    #expect(try parsedLines(text).first?["type"]?.string == "run")
  }

  @Test("what is put aside stays beside the file that a link leads to")
  func link() throws {
    try FileManager.default.createDirectory(
      atPath: place.path + "/disk", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: place.path + "/o.jsonl", withDestinationPath: "disk/day.jsonl")
    let outcome = try place.detect(
      media("plain.mp4"), "--jsonl", "o.jsonl", "--rotate", "6kB")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path + "/disk")
    #expect(names.count > 1 && names.allSatisfy { $0.hasPrefix("day.") }, "\(names)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: place.path).sorted() == [
        "disk", "o.jsonl",
      ])
  }

  @Test("--rotate puts full files aside; together they have every line")
  func rotate() throws {
    let outcome = try place.detect(
      media("plain.mp4"), media("marker.mp4"), "--jsonl", "o.jsonl", "--rotate", "6kB,1d")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
    #expect(names.count > 2, "\(names)")
    let texts = try names.map { try place.text($0) }
    #expect(texts.allSatisfy { $0.utf8.count <= 6000 && $0.hasPrefix(#"{"type":"run""#) })
    let lines = try texts.flatMap { try parsedLines($0) }
    #expect(lines.count { $0["type"]?.string == "frame" } == 60)
    #expect(Set(lines.compactMap { $0["run_id"]?.string }).count == 1)
    #expect(try place.text("o.jsonl").contains(#""type":"summary""#))
  }

  @Test(
    "what can't grow is exit 2",
    arguments: [
      ["--append"], ["--rotate", "1h"], ["--append", "--jsonl", "-"],
      ["--rotate", "1h", "--jsonl", "/dev/null"],
      ["--rotate", "1", "--jsonl", "o"], ["--rotate", "0MB", "--jsonl", "o"],
      ["--rotate", "1h,2h", "--jsonl", "o"], ["--rotate", "soon", "--jsonl", "o"],
      ["--rotate", "99999999999GB", "--jsonl", "o"], ["--append", "--jsonl", "notes"],
    ])
  func refused(arguments: [String]) throws {
    try place.write("my notes", to: "notes")
    let outcome = try Program.run(
      ["x.jpg", "--model", TinyModel.detector] + arguments, in: place.path)
    #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["notes"])
    #expect(try place.text("notes") == "my notes")
  }

  @Test(
    "a pipe whose reader goes is exit 6, for lines and for video",
    arguments: ["--jsonl", "--video"])
  func pipe(option: String) throws {
    let name = option == "--video" ? "pipe.ts" : "pipe"
    let sources = [String](repeating: "'\(media("plain.mp4"))'", count: 60).joined(separator: " ")
    let outcome = try Program.shell(
      """
      mkfifo \(name); head -c 100 \(name) > /dev/null &
      "$PROGRAM" \(option == "--video" ? "'\(media("plain.mp4"))'" : sources) \
        --model '\(TinyModel.detector)' --progress none \(option) \(name)
      """, in: place.path)
    #expect(outcome.status == 6, "\(outcome.errors)")
    #expect(outcome.errors.lowercased().contains("broken pipe"), "\(outcome.errors)")
  }

  @Test("frames of a live source that is watched again don't replace the earlier ones")
  func liveFrames() throws {
    var folders: Set<String> = []
    for _ in 0..<2 {
      let port = try LocalSocket.freePorts(2)
      let outcome = try Program.shell(
        """
        ffmpeg -v error -re -stream_loop -1 -i '\(media("plain.mp4"))' -an -c:v mpeg2video -q:v 5 \
          -f mpegts 'udp://127.0.0.1:\(port)?pkt_size=1316' & SENDER=$!
        "$PROGRAM" 'udp://127.0.0.1:\(port)' --id cam --model '\(TinyModel.detector)' --limit 3 \
          --frames f --jsonl - --progress none --open-timeout 100s; STATUS=$?
        kill -9 $SENDER; wait; exit $STATUS
        """, in: place.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let run = try #require(try outcome.lines("run").first?["run_id"]?.string)
      let frame = try #require(try outcome.lines("frame").first?["frame"]?.integer)
      #expect(place.exists("f/cam/\(run)/\(String(format: "%06d", frame)).jpg"))
      folders.insert(run)
    }
    let found = try FileManager.default.contentsOfDirectory(atPath: place.path + "/f/cam")
    #expect(Set(found) == folders && folders.count == 2)
  }
}
