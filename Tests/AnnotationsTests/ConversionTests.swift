import Foundation
import Support
import TestSupport
import Testing

@testable import Annotations
@testable import Geometry

@Suite("Conversion to other formats")
struct ConversionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  private func json(_ name: String) throws -> JSONValue { try JSONValue(parsing: text(name)) }

  @discardableResult
  private func convert(
    to format: ExportFormat, at name: String, lines: [String] = MadeWalk.lines,
    _ options: ConversionOptions = ConversionOptions()
  ) throws -> ResultConverter {
    var converter = ResultConverter(to: format, at: path(name), options: options)
    for (number, line) in lines.enumerated() {
      if let record = try Record.line(Array(line.utf8), path: "x", number: number + 1) {
        try converter.take(record)
      }
    }
    try converter.finish()
    // No temporary file is left.
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!names.contains { $0.hasSuffix(".partial") })
    return converter
  }

  @Test("COCO: everything counts from 1, empty frames are kept, and it can be read back")
  func coco() throws {
    let converter = try convert(to: .coco, at: "c.json")
    #expect(converter.frames == 5 && converter.objects == 6)
    let document = try json("c.json")
    #expect(document["images"]?.array?.compactMap { $0["id"]?.integer } == [1, 2, 3, 4, 139])
    #expect(document["images"]?[1]?["file_name"]?.string == "a/walk/000001.jpg")
    #expect(document["images"]?[4]?["file_name"]?.string == "b & c/000000000139.png")
    let annotations = try #require(document["annotations"]?.array)
    #expect(annotations.compactMap { $0["image_id"]?.integer } == [1, 1, 2, 4, 4, 139])
    #expect(annotations[0]["track_id"]?.integer == 7 && annotations[1]["track_id"] == nil)
    #expect(document["categories"]?.array?.compactMap { $0["name"]?.string } == ["person", "car"])
    let read = try ForeignAnnotations(path: path("c.json")) { _ in nil }
    #expect(
      read.frames.map(\.source).prefix(4) == [
        "a/walk.mp4", "a/walk.mp4", "a/walk.mp4", "a/walk.mp4",
      ])
    #expect(read.frames.map(\.index) == [0, 1, 2, 3, 0])
    #expect(read.frames.map(\.objects.count) == [2, 1, 0, 2, 1])
    #expect(read.frames[3].objects.map(\.trackID) == [7, 9])
    #expect(read.frames[0].objects[0].confidence == 0.9)
  }

  @Test(
    "names in data sets are relative",
    arguments: [
      ("/data/a.jpg", "data/a.jpg"), ("../a.jpg", "__/a.jpg"), ("./a b.jpg", "./a b.jpg"),
      ("https://example.org/a.jpg", "https/example.org/a.jpg"),
    ])
  func relativeNames(source: String, name: String) throws {
    let line =
      #"{"type":"frame","source":"\#(source)","frame":0,"width":9,"height":9,"objects":[]}"#
    try convert(to: .coco, at: "c.json", lines: [line])
    #expect(try json("c.json")["images"]?[0]?["file_name"]?.string == name)
  }

  @Test("COCO's own numbers are used where the model has COCO's classes alone")
  func cocoNumbers() throws {
    let run =
      #"{"type":"run","schema":"stream-detect/1","model":{"name":"m","classes":"#
      + #"["person","car","stop sign","toothbrush"]}}"#
    try convert(to: .coco, at: "c.json", lines: [run] + MadeWalk.lines)
    let categories = try json("c.json")["categories"]?.array ?? []
    #expect(categories.compactMap { $0["id"]?.integer } == [1, 3, 13, 90])
    try convert(to: .cocoResults, at: "r.json", lines: [run] + MadeWalk.lines)
    let results = try #require(try json("r.json").array)
    #expect(results.compactMap { $0["category_id"]?.integer } == [1, 3, 1, 1, 1, 3])
    #expect(results.compactMap { $0["image_id"]?.integer } == [1, 1, 2, 4, 4, 139])
  }

  @Test("YOLO: classes count from 0, boxes are clipped, an empty frame has an empty file")
  func yolo() throws {
    try convert(to: .yolo, at: "y")
    #expect(
      try text("y/labels/a/walk/000000.txt")
        == "0 0.125 0.5 0.15 0.6\n1 0.575 0.5 0.15 0.6\n")
    #expect(try text("y/labels/a/walk/000002.txt").isEmpty)
    #expect(try text("y/labels/b & c/000000000139.txt") == "1 0.15 0.625 0.3 0.75\n")
    let read = try ForeignAnnotations(path: path("y")) { name in
      name.hasPrefix("a/") ? (200, 100) : (50, 40)
    }
    #expect(read.frames.map(\.objects.count) == [2, 1, 0, 2, 1])
    #expect(read.frames[4].objects[0].label == "car")
    #expect(read.frames[4].objects[0].box == PixelBox(x: 0, y: 10, width: 15, height: 30))
    #expect(throws: AnnotationError.self) {
      try ForeignAnnotations(path: path("y")) { _ in nil }
    }
    var options = ConversionOptions()
    (options.writesScores, options.step, options.leastConfidence) = (true, 3, 0.8)
    try convert(to: .yolo, at: "z", options)
    #expect(try text("z/labels/a/walk/000003.txt").hasPrefix("0 0.155 0.5 0.15 0.6 0.9\n"))
    #expect(!FileManager.default.fileExists(atPath: path("z/labels/a/walk/000001.txt")))
    #expect(try text("z/labels/b & c/000000000139.txt").isEmpty)
  }

  @Test("VOC: pixels count from 1, both ends included")
  func voc() throws {
    try convert(to: .voc, at: "v")
    #expect(try text("v/ImageSets/Main/default.txt").split(separator: "\n").count == 5)
    let read = try ForeignAnnotations(path: path("v/Annotations")) { _ in nil }
    #expect(read.frames.map(\.objects.count) == [2, 1, 0, 2, 1])
    #expect(read.frames[0].objects[0].box == PixelBox(x: 10, y: 20, width: 30, height: 60))
    #expect(read.frames[0].source == "a/walk/000000.jpg")
    #expect(try text("v/Annotations/b & c/000000000139.xml").contains("b &amp; c/000000000139.png"))
  }

  @Test("MOTChallenge: frames and pixels count from 1; what has no track is left out, and told")
  func mot() throws {
    let converter = try convert(to: .mot, at: "m")
    #expect(converter.untracked == 2)
    #expect(
      try text("m/a/walk/gt/gt.txt") == """
        1,7,11.0,21.0,30.0,60.0,1,1,1
        2,7,13.0,21.0,30.0,60.0,1,1,1
        4,7,17.0,21.0,30.0,60.0,1,1,1
        4,9,51.0,21.0,30.0,60.0,1,1,1

        """)
    #expect(try text("m/a/walk/seqinfo.ini").contains("seqLength=5\nimWidth=200\nimHeight=100"))
    let read = try ForeignAnnotations(path: path("m/a/walk")) { _ in nil }
    #expect(read.frames.map(\.index) == [0, 1, 2, 3, 4])
    #expect(read.frames.map(\.objects.count) == [1, 1, 0, 2, 0])
    #expect(read.frames[3].objects[1].trackID == 9 && read.frames[3].t == 0.12)
    #expect(read.frames[0].objects[0].box.x == 10 && read.frames[0].width == 200)
    try convert(to: .motDetections, at: "d")
    #expect(try text("d/a/walk/det/det.txt").hasPrefix("1,-1,11.0,21.0,30.0,60.0,0.9,-1,-1,-1\n"))
    let detections = try ForeignAnnotations(path: path("d/a/walk")) { _ in nil }
    #expect(detections.frames[0].objects.map(\.confidence) == [0.9, 0.9])
    #expect(detections.frames[0].objects.allSatisfy { $0.trackID == nil })
  }

  @Test("CVAT for video: a track ends outside, and goes on after a gap")
  func cvatVideo() throws {
    try convert(to: .cvatVideo, at: "v.xml", lines: Array(MadeWalk.lines.prefix(6)))
    let root = try XMLReader.read(Array(text("v.xml").utf8), path: "v.xml")
    let tracks = root.children.filter { $0.name == "track" }
    #expect(tracks.map { $0.attributes["label"] } == ["car", "person", "person"])
    func steps(_ place: Int) -> [String] {
      tracks[place].children.map {
        "\($0.attributes["frame"] ?? "")\($0.attributes["outside"] == "1" ? "-" : "+")"
      }
    }
    #expect(steps(0) == ["0+", "1-"])
    #expect(steps(1) == ["0+", "1+", "2-", "3+"])
    #expect(steps(2) == ["3+"])
    #expect(root["meta"]?["task"]?["size"]?.text == "5")
    let read = try ForeignAnnotations(path: path("v.xml")) { _ in nil }
    #expect(read.frames.map(\.index) == [0, 1, 3])
    #expect(read.frames.map(\.objects.count) == [2, 1, 2])
    #expect(read.frames[0].width == 200)
  }

  @Test("CVAT for images: names are escaped, and empty images are kept")
  func cvatImages() throws {
    try convert(to: .cvatImages, at: "i.xml")
    let read = try ForeignAnnotations(path: path("i.xml")) { _ in nil }
    #expect(read.frames.map(\.source).last == "b & c/000000000139.png")
    #expect(read.frames.map(\.objects.count) == [2, 1, 0, 2, 1])
    #expect(read.frames[0].objects[1].box == PixelBox(x: 100, y: 20, width: 30, height: 60))
  }

  @Test("Label Studio: percent, frames from 1, and a track is switched off where it ends")
  func labelStudio() throws {
    var options = ConversionOptions()
    options.prefix = "/data/?d="
    try convert(to: .labelStudio, at: "l.json", options)
    let tasks = try #require(try json("l.json").array)
    #expect(tasks.count == 2)
    #expect(tasks[0]["data"]?["video"]?.string == "/data/?d=a/walk.mp4")
    let results = tasks[0]["predictions"]?[0]?["result"]?.array ?? []
    #expect(results.count == 3)
    let sequence = results[1]["value"]?["sequence"]?.array ?? []
    #expect(sequence.compactMap { $0["frame"]?.integer } == [1, 2, 4])
    #expect(sequence.compactMap { $0["enabled"]?.bool } == [true, false, true])
    #expect(sequence[0]["x"]?.number == 5 && sequence[0]["height"]?.number == 60)
    let picture = tasks[1]["predictions"]?[0]?["result"]?[0]
    #expect(picture?["value"]?["width"]?.number == 30)
    #expect(picture?["original_width"]?.integer == 50)
  }

  @Test("MegaDetector: fractions, a video is one entry, and the size is kept")
  func megaDetector() throws {
    try convert(to: .megadetector, at: "m.json")
    let images = try #require(try json("m.json")["images"]?.array)
    #expect(images.count == 2)
    #expect(images[0]["frames_processed"]?.array?.compactMap(\.integer) == [0, 1, 2, 3])
    #expect(
      images[0]["detections"]?.array?.compactMap { $0["frame_number"]?.integer } == [0, 0, 1, 3, 3])
    #expect(
      images[0]["detections"]?[0]?["bbox"]?.array?.compactMap(\.number) == [0.05, 0.2, 0.15, 0.6])
    #expect(images[0]["detections"]?[1]?["category"]?.string == "2")
    let read = try ForeignAnnotations(path: path("m.json")) { _ in nil }
    #expect(read.frames.map(\.objects.count) == [2, 1, 0, 2, 1])
    #expect(read.frames[0].objects[1].label == "car" && read.frames[1].t == 0.04)
  }

  @Test("FiftyOne and CSV keep empty frames")
  func others() throws {
    try convert(to: .fiftyone, at: "f")
    let labels = try json("f/labels.json")
    #expect(labels["classes"]?.array?.compactMap(\.string) == ["person", "car"])
    #expect(labels["labels"]?["a/walk/000002"]?.array?.isEmpty == true)
    #expect(labels["labels"]?["a/walk/000003"]?.array?.count == 2)
    try convert(to: .csv, at: "c.csv")
    let rows = try text("c.csv").components(separatedBy: "\r\n")
    #expect(rows.count == 9 && rows.last == "")
    #expect(rows[1] == "a/walk.mp4,0,0,0.0,200,100,person,1,0.9,10.0,20.0,30.0,60.0,7")
    #expect(rows[4] == "a/walk.mp4,2,2,0.08,200,100,,,,,,,,")
  }

  @Test("subtitles join frames that show the same; pictures have none")
  func subtitles() throws {
    let converter = try convert(to: .vtt, at: "w.vtt")
    #expect(converter.pictures == 1)
    #expect(
      try text("w.vtt") == """
        WEBVTT

        00:00:00.000 --> 00:00:00.040
        car, person

        00:00:00.040 --> 00:00:00.080
        person

        00:00:00.120 --> 00:00:00.160
        2 person


        """)
    try convert(to: .ass, at: "w.ass")
    let lines = try text("w.ass").split(separator: "\n").filter { $0.hasPrefix("Dialogue") }
    #expect(lines.count == 10)
    #expect(
      lines[0].hasPrefix("Dialogue: 0,0:00:00.00,0:00:00.04,Box,,0,0,0,,{")
        && lines[0].hasSuffix("m 10 20 l 40 20 40 80 10 80"))
    #expect(try text("w.ass").contains("PlayResX: 200\nPlayResY: 100\n"))
  }

  @Test("formats with a file for each source take a folder for several")
  func severalSources() throws {
    let other = MadeWalk.lines.map { $0.replacingOccurrences(of: "a/walk.mp4", with: "a/walk.mkv") }
    #expect(throws: AnnotationError.self) {
      var converter = ResultConverter(to: .vtt, at: path("x.vtt"), options: ConversionOptions())
      for line in MadeWalk.lines + other {
        if let record = try Record.line(Array(line.utf8), path: "x", number: 1) {
          try converter.take(record)
        }
      }
    }
    try convert(to: .cvatVideo, at: "all", lines: MadeWalk.lines.dropLast() + other.dropLast())
    #expect(FileManager.default.fileExists(atPath: path("all/a/walk.xml")))
    #expect(FileManager.default.fileExists(atPath: path("all/a/walk-2.xml")))
  }

  @Test("a folder with something in it isn't replaced, and a failure leaves nothing behind")
  func folders() throws {
    try folder.add("full/a.txt", "mine")
    #expect(throws: FileError.self) { try convert(to: .yolo, at: "full") }
    #expect(try text("full/a.txt") == "mine")
    try FileManager.default.createDirectory(
      atPath: path("empty"), withIntermediateDirectories: true)
    try convert(to: .yolo, at: "empty")
    let sizeless = [
      #"{"type":"frame","source":"a.jpg","objects":[{"label":"cat","confidence":1,"#
        + #""bbox":[1,2,3,4]}]}"#
    ]
    var converter = ResultConverter(to: .yolo, at: path("s"), options: ConversionOptions())
    let record = try #require(try Record.line(Array(sizeless[0].utf8), path: "x", number: 1))
    #expect(throws: AnnotationError.self) { try converter.take(record) }
    converter.discard()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!names.contains { $0.hasPrefix("s") })
  }
}
