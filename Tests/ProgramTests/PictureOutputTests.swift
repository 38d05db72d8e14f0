import Foundation
import Media
import Output
import Pictures
import TestSupport
import Testing

@Suite(
  "Videos, frames and crops", .serialized,
  .requires(.media))
struct PictureOutputTests {
  /// Times of all frames of a video, in seconds from the first.
  private func times(_ path: String) throws -> [Double] {
    let reader = try VideoReader(path, options: InputOptions(), cancellation: Cancellation())
    var times: [Double] = []
    while let frame = try reader.next() { times.append(frame.t) }
    return times
  }

  @Test("the annotated video has every frame at its time, and the audio")
  func video() throws {
    let place = try Workplace()
    let outcome = try place.detect(media("plain.mp4"), "--video", "out.mp4")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    let probe = try SourceProbe(place.path + "/out.mp4")
    #expect(probe.video.codec == "h264" && probe.audio.map(\.codec) == ["aac"])
    let times = try times(place.path + "/out.mp4")
    #expect(times.count == 50)
    for (index, time) in times.enumerated() { #expect(abs(time - Double(index) / 25) < 0.002) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["out.mp4"])
  }

  @Test("a variable frame rate is kept, and audio can be left out")
  func variableRate() throws {
    let place = try Workplace()
    _ = try place.detect(media("vfr.mkv"), "--video", "out.mkv", "--overlay", "none")
    let before = try times(media("vfr.mkv"))
    let after = try times(place.path + "/out.mkv")
    #expect(before.count == after.count)
    for (old, new) in zip(before, after) { #expect(abs(old - new) < 0.002) }
    _ = try place.detect(
      media("plain.mp4"), "--video", "quiet.mp4", "--audio", "none", "--limit", "5")
    #expect(try SourceProbe(place.path + "/quiet.mp4").audio.isEmpty)
  }

  @Test("several sources become one video each, in a folder")
  func videoFolder() throws {
    let place = try Workplace()
    let outcome = try place.detect(
      media("marker.mp4"), media("odd.avi"), media("zero.mp4"), "--video", "videos/")
    #expect(outcome.status == 3)
    let tree = place.path + "/videos" + (try mediaFolder.get().path)
    #expect(try times(tree + "/marker.mp4").count == 10)
    #expect(try times(tree + "/odd.avi").count == 5)
    #expect(FileIdentity(path: tree + "/zero.mp4") == nil)
  }

  @Test("an unknown codec is exit 6 and lists the known ones")
  func unknownCodec() throws {
    let outcome = try Workplace().detect(
      media("marker.mp4"), "--video", "out.mp4", "--video-codec", "h2645")
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("h2645") && outcome.errors.contains("h264"))
  }

  @Test("a receiver that is not there is named; the lines are whole and the exit code is 0")
  func noReceiver() throws {
    let outcome = try Workplace().detect(
      media("marker.mp4"), "--video", "tcp://127.0.0.1:9", "--jsonl", "-")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try outcome.lines("frame").count == 10)
    #expect(try outcome.lines("summary").first?["exit_code"]?.number == 0)
    #expect(outcome.errors.contains("tcp://127.0.0.1:9: It could not be written"))
    #expect(outcome.errors.contains("10 of 10 frames not sent"), "\(outcome.errors)")
  }

  @Test("a file that cannot be written is exit 6, before anything is read")
  func noVideoFile() throws {
    let place = try Workplace()
    let outcome = try place.detect(
      media("marker.mp4"), "--video", "no/folder/out.mp4", "--jsonl", "out.jsonl")
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("no/folder/out.mp4"), "\(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
  }

  @Test("frames are written under their source and number, those of images under their own name")
  func frames() throws {
    let place = try Workplace()
    let outcome = try place.detect(
      media("marker.mp4"), media("image.png"), media("image.webp"), "--frames", "f", "--stride",
      "4",
      "--jsonl", "out.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let folder = "f" + (try mediaFolder.get().path)
    for name in ["marker.mp4/000000.jpg", "marker.mp4/000008.jpg", "image.png", "image.webp.jpg"] {
      #expect(place.exists(folder + "/" + name), "\(name)")
    }
    #expect(!place.exists(folder + "/marker.mp4/000001.jpg"))
    let probe = try SourceProbe(place.path + "/" + folder + "/marker.mp4/000004.jpg")
    #expect((probe.video.width, probe.video.height) == (128, 96))
    #expect(try place.text("out.jsonl").contains(#""type":"summary""#))
  }

  @Test("overlays draw only the requested parts")
  func overlays() throws {
    let place = try Workplace()
    func picture(_ parts: String) throws -> [UInt8] {
      _ = try place.detect(
        media("image.png"), "--frames", parts, "--overlay", parts, "--conf", "0.3")
      let path = place.path + "/\(parts)" + media("image.png")
      let reader = try VideoReader(path, options: InputOptions(), cancellation: Cancellation())
      let frame = try #require(try reader.next())
      let image = RGBImage(width: 128, height: 96)
      try Scaler().scale(frame, into: image)
      return image.withPixels { pixels in pixels.indices.map { pixels[$0] } }
    }
    let pictures = try ["none", "box", "label", "box,label,conf"].map(picture)
    #expect(Set(pictures).count == pictures.count)
    // Black with a red corner, apart from the rounding of two colour conversions.
    let stray = pictures[0].enumerated().filter { $0.offset % 3 == 2 && $0.element > 24 }
    #expect(stray.isEmpty)
  }

  @Test("there is one snapshot for each track, of its number, and tracking is on")
  func snapshots() throws {
    let place = try Workplace()
    let outcome = try place.detect(
      media("plain.mp4"), "--snapshots", "s", "--jsonl", "-", "--conf", "0.3", "--track-min", "0",
      "--track-conf", "0.3", "--id", "clip")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let objects = try outcome.lines("frame").flatMap { $0["objects"]?.array ?? [] }
    let tracks = Set(
      objects.filter { $0["predicted"] == nil }.compactMap { $0["track_id"]?.integer })
    let files = try FileManager.default.contentsOfDirectory(atPath: place.path + "/s/clip")
    let names = tracks.map { String(String($0 + 1_000_000).dropFirst()) + ".jpg" }
    #expect(!tracks.isEmpty && Set(files).isSubset(of: names))
    // Boxes of less than a pixel have nothing to show.
    #expect(files.count >= tracks.count - 1)
    for (option, value) in [("--track", "off"), ("--track", "offline")] {
      let refused = try place.detect(media("plain.mp4"), "--snapshots", "t", option, value)
      #expect(refused.status == 2 && refused.errors.contains("--snapshots"), "\(refused.errors)")
    }
    let same = try place.detect(media("plain.mp4"), "--snapshots", "t", "--crops", "t")
    #expect(same.status == 2 && same.errors.contains("--snapshots t"), "\(same.errors)")
  }

  @Test("events name the pictures that are there, whatever the number of threads")
  func namedSnapshots() throws {
    let place = try Workplace()
    func events(_ threads: String) throws -> [JSONValue] {
      let outcome = try place.detect(
        media("plain.mp4"), "--snapshots", "s", "--events", "--jsonl", "-", "--conf", "0.3",
        "--track-min", "0", "--track-conf", "0.3", "--id", "clip", "--threads", threads)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let schema = try JSONSchema(Program.run(["schema"], in: place.path).output)
      let events = try outcome.lines("event")
      for event in events { #expect(schema.faults(in: event).isEmpty) }
      return events
    }
    let found = try events("1")
    let ends = found.filter { $0["phase"]?.string == "end" }
    let named = ends.compactMap { $0["snapshot"]?.string }
    #expect(!named.isEmpty && named.allSatisfy(place.exists))
    for end in ends {
      let number = String(String((end["track_id"]?.integer ?? 0) + 1_000_000).dropFirst())
      let path = "s/clip/\(number).jpg"
      #expect(end["snapshot"]?.string == (place.exists(path) ? path : nil))
    }
    #expect(try events("3") == found)
  }

  @Test("track cuts pictures out of the video, and its events name them")
  func trackedSnapshots() throws {
    let place = try Workplace()
    let detected = try place.detect(
      media("plain.mp4"), "--conf", "0.3", "--id", "clip", "--jsonl", "run.jsonl")
    #expect(detected.status == 0, "\(detected.errors)")
    func track(_ more: String...) throws -> Program.Outcome {
      try Program.run(
        ["track", "run.jsonl", "--track-min", "0", "--track-conf", "0.3"] + more, in: place.path)
    }
    let options = ["--snapshots", "best", "--video", media("plain.mp4")]
    let outcome = try track(options[0], options[1], options[2], options[3], "--events")
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let events = try outcome.lines("event")
    #expect(!events.isEmpty)
    for event in events {
      let number = String(String((event["track_id"]?.integer ?? 0) + 1_000_000).dropFirst())
      let path = "best/clip/\(number).jpg"
      #expect(event["snapshot"]?.string == (place.exists(path) ? path : nil))
    }
    let pictures = try FileManager.default.contentsOfDirectory(atPath: place.path + "/best/clip")
    #expect(!pictures.isEmpty)
    // Without frames in the lines, and from the file that the lines name.
    let only = try track("--snapshots", "best", "--events-only")
    #expect(try only.status == 0 && only.lines("event") == events, "\(only.errors)")
    for (more, message) in [
      (["--video", "a.mp4"], "--snapshots"), (["--snapshots", "b", "--video", "-"], "--video -"),
      (["--snapshots", ""], "--snapshots is empty"),
      (["--snapshots", "b", "--video", "none.mp4"], "none.mp4"),
    ] {
      let refused = try Program.run(["track", "run.jsonl"] + more, in: place.path)
      #expect(refused.status != 0 && refused.errors.contains(message), "\(refused.errors)")
      #expect(refused.errors.split(separator: "\n").count == 1 && refused.output.isEmpty)
    }
    let piped = try Program.run(
      ["track", "-", "--snapshots", "b"], in: place.path, input: Data())
    #expect(piped.status == 2 && piped.errors.contains("store them in a file"), "\(piped.errors)")
    let moved = try place.text("run.jsonl").replacing(media("plain.mp4"), with: "/gone/away.mp4")
    try place.write(moved, to: "run.jsonl")
    let missing = try track("--snapshots", "b")
    #expect(missing.status == 2 && missing.errors.contains("no video of this source"))
  }

  @Test("there is one crop for each object in the lines")
  func crops() throws {
    let place = try Workplace()
    let outcome = try place.detect(
      media("image.jpg"), "--crops", "c", "--jsonl", "-", "--max-det", "5")
    let objects = try outcome.lines("frame").flatMap { $0["objects"]?.array ?? [] }
    let folder = place.path + "/c" + media("image.jpg")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let expected = objects.enumerated().map { index, object in
      let label = (object["label"]?.string ?? "").replacing(" ", with: "_")
      return "000000-\(index)-\(label).jpg"
    }
    #expect(!files.isEmpty && files == expected)
    for (file, object) in zip(files, objects) {
      let box = (object["bbox"]?.array ?? []).compactMap(\.number)
      let video = try SourceProbe(folder + "/" + file).video
      // Whole pixels, and an even corner.
      #expect(abs(Double(video.width) - box[2]) <= 3 && abs(Double(video.height) - box[3]) <= 3)
    }
  }
}
