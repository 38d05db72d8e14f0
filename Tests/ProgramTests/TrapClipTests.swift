import Foundation

import TestSupport
import Testing

/// The expected outcome of a clip from `scripts/make-media.sh`.
struct TrapClip: Sendable, CustomTestStringConvertible {
  var name: String
  var status: String
  var decoded: Int
  var failed = 0
  /// The code of the reason.
  var code: String?

  var testDescription: String { name }

  init(_ name: String, _ status: String, _ decoded: Int, failed: Int = 0, code: String? = nil) {
    self.name = name
    self.status = status
    self.decoded = decoded
    self.failed = failed
    self.code = code
  }

  static let all: [TrapClip] = [
    .init("plain.mp4", "complete", 50), .init("plain.mkv", "complete", 50),
    .init("plain.ts", "complete", 50), .init("plain.avi", "complete", 50),
    .init("rotated-90.mp4", "complete", 10), .init("vfr.mkv", "complete", 20),
    .init("jump-back.ts", "complete", 50), .init("odd.mkv", "complete", 5),
    .init("odd.avi", "complete", 5), .init("ten-bit.mkv", "complete", 5),
    .init("color-bt2020-tv.mkv", "complete", 2), .init("size-change.ts", "complete", 20),
    .init("format-change.avi", "complete", 10), .init("animation.gif", "complete", 3),
    .init("image.jpg", "complete", 1), .init("image.webp", "complete", 1),
    .init("series-%03d*.jpg", "complete", 1), .init("with:colon.mp4", "complete", 10),
    .init("corrupt.mp4", "complete", 50, failed: 1),
    .init("cut.mp4", "truncated", 29, failed: 1, code: "truncated"),
    .init("cut.mkv", "truncated", 28, code: "truncated"),
    .init("cut.jpg", "truncated", 1, code: "truncated"),
    .init("cut-moov.mp4", "failed", 0, code: "invalid_data"),
    .init("zero.mp4", "failed", 0, code: "empty"),
    .init("text.mp4", "failed", 0, code: "invalid_data"),
    .init("audio-only.m4a", "failed", 0, code: "no_video"),
    .init("cover.m4a", "failed", 0, code: "no_video"),
    .init("subtitles.mkv", "failed", 0, code: "no_video"),
    .init("missing.mp4", "failed", 0, code: "not_found"),
  ]
}

@Suite(
  "Clips that media code trips over", .serialized,
  .requires(.media))
struct TrapClipTests {
  @Test("in one run, each has the right frames and status, and none stops the others")
  func together() throws {
    let place = try Workplace()
    let paths = TrapClip.all.map { media($0.name) }
    let outcome = try Program.run(paths + ["--model", TinyModel.detector], in: place.path)
    #expect(outcome.status == 3)
    try checkAccount(outcome)
    let ends = try outcome.lines("end")
    #expect(ends.map { $0["source"]?.string } == paths)
    for (clip, end) in zip(TrapClip.all, ends) {
      let counts = try Counts(end)
      #expect(end["status"]?.string == clip.status, "\(clip.name)")
      #expect(end["reason"]?.string?.split(separator: ":").first.map(String.init) == clip.code)
      #expect(counts.decoded == clip.decoded, "\(clip.name): \(counts)")
      #expect(counts.failed == clip.failed, "\(clip.name): \(counts)")
      if clip.status != "complete" {
        #expect(outcome.errors.contains("error: \(media(clip.name)): "), "\(clip.name)")
      }
    }
    let sources = try #require(try outcome.lines("summary").first?["sources"])
    for status in ["complete", "truncated", "failed", "stopped"] {
      #expect(sources[status]?.integer == TrapClip.all.count { $0.status == status })
    }
  }

  @Test(
    "on its own, each has its exit code",
    arguments: [
      ("plain.mp4", 0), ("corrupt.mp4", 0), ("cut.mp4", 3), ("zero.mp4", 3), ("audio-only.m4a", 3),
      ("missing.mp4", 3), ("directory.mp4", 2),
    ] as [(String, Int32)])
  func alone(name: String, status: Int32) throws {
    let outcome = try Workplace().detect(media(name), "--limit", "60")
    #expect(outcome.status == status, "\(outcome.errors)")
  }

  @Test("a rotated clip is reported as it is displayed")
  func rotation() throws {
    let outcome = try Workplace().detect(media("rotated-90.mp4"))
    let source = try #require(try outcome.lines("source").first)
    #expect(source["rotation"]?.integer == 90)
    #expect([source["width"]?.integer, source["height"]?.integer] == [96, 128])
    var objects = 0
    for frame in try outcome.lines("frame") {
      #expect([frame["width"]?.integer, frame["height"]?.integer] == [96, 128])
      for object in frame["objects"]?.array ?? [] {
        objects += 1
        let box = (object["bbox"]?.array ?? []).compactMap(\.number)
        #expect(box[0] + box[2] <= 96.0001 && box[1] + box[3] <= 128.0001)
      }
    }
    #expect(objects > 0)
  }

  @Test("time stamps that jump back are repaired and counted; the raw ones are kept")
  func jumpingTime() throws {
    let outcome = try Workplace().detect(media("jump-back.ts"))
    try checkAccount(outcome)
    #expect(try outcome.end()["pts_repaired"]?.integer ?? 0 > 0)
    let raw = try outcome.lines("frame").compactMap { $0["pts"]?.integer }
    #expect(raw.count == 50 && raw != raw.sorted())
  }

  @Test("a variable frame rate keeps its times, and --every follows them")
  func variableRate() throws {
    let place = try Workplace()
    let times = try place.detect(media("vfr.mkv")).lines("frame").compactMap { $0["t"]?.number }
    let before: [Double] = (0..<10).map { Double($0) * 0.04 }
    let expected: [Double] = before + (0..<10).map { Double($0) * 0.1 + 1.4 }
    #expect(times.count == 20)
    for (time, wanted) in zip(times, expected) { #expect(abs(time - wanted) < 0.0015) }
    let some = try place.detect(media("vfr.mkv"), "--every", "500ms")
    #expect(
      try some.lines("frame").compactMap { $0["t"]?.number }.map { ($0 * 10).rounded() / 10 }
        == [0, 1.4, 1.9])
    #expect(try Counts(some.end()).skipped == 17)
  }

  @Test("a size that changes mid-stream shows in the frames' lines")
  func changingSize() throws {
    let frames = try Workplace().detect(media("size-change.ts")).lines("frame")
    #expect(frames.first?["width"]?.integer == 320)
    #expect(frames.last?["width"]?.integer == 160)
  }

  @Test("files with the same name in different folders are told apart")
  func sameNames() throws {
    let place = try Workplace()
    let outcome = try place.detect(
      media("a"), media("b"), "--frames", "out", "--jsonl", "-", "--limit", "1")
    #expect(outcome.status == 0)
    let names = try outcome.lines("end").compactMap { $0["source"]?.string }
    #expect(names == [media("a/clip.mp4"), media("b/clip.mp4")])
    let tree = "out" + (try mediaFolder.get().path) + "/"
    #expect(place.exists(tree + "a/clip.mp4/000000.jpg"))
    #expect(place.exists(tree + "b/clip.mp4/000000.jpg"))
  }
}
