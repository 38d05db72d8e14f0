import Foundation
import TestSupport
import Testing

@testable import Annotations
@testable import Geometry

@Suite("Annotation sets")
struct AnnotationSetTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("a VOC box from pixel 1 to 10 is ten pixels wide and starts at 0")
  func voc() throws {
    try folder.add(
      "Annotations/a.xml",
      """
      <?xml version="1.0"?>
      <!DOCTYPE annotation>
      <annotation><!-- by hand --><filename>wrong.JPG</filename>
      <size><width>100</width><height>50</height></size>
      <object><name>Tom &amp; Jerry</name><difficult>1</difficult>
      <part><name>head</name><bndbox><xmin>0</xmin></bndbox></part>
      <bndbox><xmin>1</xmin><ymin>2.5</ymin><xmax>10</xmax><ymax>12.5</ymax></bndbox></object>
      <object x='>'><name><![CDATA[cat]]></name>
      <bndbox><xmax>4</xmax><xmin>3</xmin><ymin>3</ymin><ymax>3</ymax></bndbox></object><none/>
      </annotation>
      """)
    let truth = try AnnotationSet(path: folder.path)
    #expect(truth.form == .voc && truth.categories.map(\.name) == ["Tom & Jerry", "cat"])
    let image = try #require(truth.images.first)
    #expect(image.name == "Annotations/a.jpg" && image.width == 100 && image.height == 50)
    #expect(image.boxes.map(\.box.x) == [0, 2] && image.boxes.map(\.box.y) == [1.5, 2])
    #expect(image.boxes.map(\.box.width) == [10, 2] && image.boxes.map(\.area) == [110, 2])
    #expect(image.boxes.map(\.isIgnored) == [true, false])
  }

  @Test(
    "the class names of a YOLO folder are read, however they are written",
    arguments: [
      ("data.yaml", "names: ['cat, black', \"dog\"] # two\nnc: 2"),
      ("data.yaml", "path: x\nnames:\n  - cat, black\n  - dog\n"),
      ("data.yml", "names:\n  0: cat, black\n  1: 'dog'\nnc: 2\n"),
      ("data.yaml", "names: {1: dog, 0: 'cat, black'}"),
      ("data.yaml", "names: [\n  'cat, black', # first\n  dog,\n]\n"),
      ("classes.txt", "cat, black\ndog\n\n"),
    ])
  func yolo(file: String, names: String) throws {
    try folder.add(file, names)
    try folder.add("labels/val/a.txt", "0 0.5 0.5 0.25 0.5\n1 0.1 0.2 0.3 0.2 0.3 0.6\n\n")
    try folder.add("labels/val/empty.txt")
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path)
    let truth = try AnnotationSet(path: link)
    #expect(truth.form == .yolo && truth.categories.map(\.name) == ["cat, black", "dog"])
    #expect(truth.images.map(\.name) == ["val/a", "val/empty"])
    #expect(
      truth.images[0].boxes.map(\.box) == [
        PixelBox(x: 0.375, y: 0.25, width: 0.25, height: 0.5),
        PixelBox(x: 0.1, y: 0.2, width: 0.3 - 0.1, height: 0.6 - 0.2),
      ])
  }

  @Test(
    "a damaged file is refused in one line that names the file and the place",
    arguments: [
      ("t.json", "{", "valid JSON"), ("t.json", "[1]", "of the wrong kind"),
      ("t.json", #"{"images":[],"annotations":[],"categories":[]}"#, "no image"),
      ("t.json", #"{"images":[{}],"annotations":[],"categories":[]}"#, "images[0]"),
      (
        "t.json",
        #"{"images":[{"id":1}],"categories":[{"id":1}],"annotations":["#
          + #"{"image_id":1,"category_id":1,"bbox":[0,0,1e300,1]}]}"#, "annotations[0]"
      ),
      (
        "t.json",
        #"{"images":[{"id":1}],"categories":[{"id":1}],"annotations":["#
          + #"{"image_id":1,"category_id":1,"bbox":[0,0,1]}]}"#, "has 3 numbers"
      ),
      ("t.json", #"{"images":[{"id":1e400}],"annotations":[],"categories":[]}"#, "t.json"),
      ("t.json", String(repeating: "[", count: 100_000), "valid JSON"),
      ("a.xml", "<annotation><object></annotation>", "closes"),
      ("a.xml", "<annotation>", "ends too early"), ("a.xml", "<html/>", "<html>"),
      ("a.xml", String(repeating: "<a>", count: 1000), "too deep"),
      ("a.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><annotation>&b;</annotation>", "document type"),
      ("a.xml", "<annotation>&lol;</annotation>", "reference"),
      ("a.xml", "<annotation><object><name>a</name></object></annotation>", "object 1"),
      (
        "a.xml",
        "<annotation><object><name>a</name><bndbox><xmin>nan</xmin><ymin>1</ymin><xmax>2</xmax>"
          + "<ymax>2</ymax></bndbox></object></annotation>", "usable box"
      ),
      ("labels/a.txt", "0 0.5 0.5 0.1 0.1\n", "classes.txt"),
    ])
  func damaged(name: String, text: String, expected: String) throws {
    let path = try folder.add(name, text)
    let truth = name.hasSuffix(".json") ? path : folder.path
    let error = try annotationError { _ = try AnnotationSet(path: truth) }
    #expect("\(error)".contains(expected), "\(error)")
    #expect(error.path.hasPrefix(folder.path) && !"\(error)".contains("\n") && error.remedy != "")
  }

  @Test(
    "the error for a damaged YOLO label names its line",
    arguments: [
      "0 0.5 0.5 0.1", "0 0.5 0.5 0.1 0.1 0.9", "7 0.5 0.5 0.1 0.1", "-1 0.5 0.5 0.1 0.1",
      "0 50 50 10 10", "0 nan 0.5 0.1 0.1", "cat 0.5 0.5 0.1 0.1", "1e99 0.5 0.5 0.1 0.1",
      "0.5 0.5 0.5 0.1 0.1",
    ])
  func damagedLabel(line: String) throws {
    try folder.add("classes.txt", "cat\n")
    try folder.add("labels/a.txt", "0 0.5 0.5 0.1 0.1\n\(line)\n")
    let error = try annotationError { _ = try AnnotationSet(path: folder.path) }
    #expect(error.path.hasSuffix("labels/a.txt:2"), "\(error)")
  }

  @Test("an annotation with the id 0 causes a warning")
  func idOfZero() throws {
    let path = try folder.add(
      "t.json",
      #"{"images":[{"id":1}],"categories":[{"id":1}],"annotations":["#
        + #"{"id":0,"image_id":1,"category_id":1,"bbox":[0,0,20,20]}]}"#)
    #expect(try AnnotationSet(path: path).notes.contains { $0.contains("id 0") })
  }

  @Test("random faults in files of all formats are errors, never traps")
  func randomFaults() throws {
    let formats = [
      ("t.json", RandomCase(seed: 3).truth),
      (
        "v/a.xml",
        Data(
          """
          <annotation><filename>a.jpg</filename><object><name>a&#65;</name><bndbox><xmin>1</xmin>\
          <ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>
          """.utf8)
      ),
      ("y/data.yaml", Data("names: {0: 'a', 1: \"b\"} # c\n".utf8)),
      ("y/labels/a.txt", Data("0 0.5 0.5 0.1 0.1\n1 0.1 0.1 0.2 0.2 0.3 0.3\n".utf8)),
      (
        "run.jsonl",
        Data(
          #"{"type":"frame","source":"a","objects":[{"label":"b","confidence":1,"bbox":[1,2,3,4]}]}"#
            .utf8)
      ),
    ]
    var random = SplitMix64(seed: 5)
    var errors = 0
    for (name, data) in formats {
      for (other, whole) in formats { try folder.add(other, whole) }
      for _ in 0..<200 {
        let path = try folder.add(name, Data(mutated([UInt8](data), using: &random)))
        do {
          switch name.first {
          case "t": _ = try AnnotationSet(path: path)
          case "r": _ = try PredictionFile(path: path)
          default: _ = try AnnotationSet(path: "\(folder.path)/\(name.prefix(1))")
          }
        } catch {
          errors += 1
        }
      }
    }
    #expect(errors > 100)
  }
}

/// The error that `body` throws.
func annotationError(_ body: () throws -> Void) throws -> AnnotationError {
  try #require(throws: AnnotationError.self) { try body() }
}
