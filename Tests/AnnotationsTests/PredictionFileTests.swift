import Foundation
import Testing

@testable import Annotations
@testable import Geometry

@Suite("Results in files")
struct PredictionFileTests {
  private func read(_ text: String) throws -> PredictionFile {
    try PredictionFile(Data(text.utf8), path: "run.jsonl")
  }

  @Test("JSON lines yield frames and the classes that were searched for")
  func lines() throws {
    let file = try read(
      """
      {"type":"run","model":{"labels":3,"classes":["cat","dog","fox"]},"options":{"classes":[1,3,9]}}
      {"type":"source","source":"a.jpg","width":10}
      {"type":"frame","source":"a.jpg","frame":0,"width":10,"height":20,"new":1,"objects":[\
      {"label":"cat","class_id":1,"confidence":0.5,"bbox":[1,2,3,4]}]}\r

      {"type":"end","source":"a.jpg","objects":412,"frames":{"decoded":1}}
      """)
    #expect(file.classNames == ["cat", "fox"] && file.classCount == 3)
    guard case .frames(let frames) = file.content else {
      Issue.record("lines were read as something else")
      return
    }
    #expect(frames.count == 1 && frames[0].source == "a.jpg" && frames[0].height == 20)
    #expect(frames[0].objects.map(\.box) == [PixelBox(x: 1, y: 2, width: 3, height: 4)])
  }

  @Test(
    "the error for damaged results names the line",
    arguments: [
      ("{\"type\":\"frame\",\"objects\":[]}", "run.jsonl:1"), ("hello", "run.jsonl:1"),
      ("\n\nhello", "run.jsonl:3"), ("{\"type\":\"run\"}", "no line of type 'frame'"),
      ("", "no line of type 'frame'"),
      (
        #"{"type":"frame","source":"a","objects":[{"label":"b","confidence":1,"bbox":[1,2,3]}]}"#,
        "objects[0]"
      ),
      (#"[{"image_id":1,"category_id":1,"bbox":[1,2,3,1e99],"score":1}]"#, "[0]"),
      (#"[{"image_id":1,"bbox":[1,2,3,4],"score":1}]"#, "category_id"),
    ])
  func damaged(text: String, expected: String) throws {
    let error = try annotationError { _ = try read(text) }
    #expect("\(error)".contains(expected), "\(error)")
  }

  @Test("COCO results keep their order and ids")
  func cocoResults() throws {
    let file = try read(
      #" [{"image_id":7,"category_id":"cat","bbox":[1,2,3,4],"score":0.5},"#
        + #"{"image_id":2,"category_id":1,"bbox":[0,0,1,1],"score":1,"extra":null}]"#)
    guard case .results(let results) = file.content else {
      Issue.record("results were read as something else")
      return
    }
    #expect(results.map(\.imageID) == [.number(7), .number(2)])
    #expect(results[0].categoryID == .text("cat") && results[0].score == 0.5)
    #expect(results[0].box == PixelBox(x: 1, y: 2, width: 3, height: 4))
  }
}
