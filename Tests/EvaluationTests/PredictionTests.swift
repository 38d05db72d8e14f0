import Foundation
import TestSupport
import Testing

@testable import Evaluation
@testable import Geometry

@Suite("Results in files")
struct PredictionTests {
  private func read(_ text: String) throws -> PredictionFile {
    try PredictionFile(Data(text.utf8), path: "run.jsonl")
  }

  @Test("JSON lines give frames, and the classes that were looked for")
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
    guard case .frames(let frames) = file.content else { throw MissingReference() }
    #expect(frames.count == 1 && frames[0].source == "a.jpg" && frames[0].height == 20)
    #expect(frames[0].objects.map(\.box) == [PixelBox(x: 1, y: 2, width: 3, height: 4)])
  }

  private struct MissingReference: Error {}

  @Test(
    "damaged results are refused with their line",
    arguments: [
      ("{\"type\":\"frame\",\"objects\":[]}", "run.jsonl:1"), ("hello", "run.jsonl:1"),
      ("{\"type\":\"run\"}", "no line of type 'frame'"), ("", "no line of type 'frame'"),
      (
        #"{"type":"frame","source":"a","objects":[{"label":"b","confidence":1,"bbox":[1,2,3]}]}"#,
        "objects[0]"
      ),
      (#"[{"image_id":1,"category_id":1,"bbox":[1,2,3,1e99],"score":1}]"#, "[0]"),
      (#"[{"image_id":1,"bbox":[1,2,3,4],"score":1}]"#, "category_id"),
    ])
  func damaged(text: String, expected: String) throws {
    let error = try evaluationError { _ = try read(text) }
    #expect("\(error)".contains(expected), "\(error)")
  }

  @Test(
    "an image is found by its path, its end, its name and its stem",
    arguments: [
      ("a.jpg", "a.jpg"), ("val/a.jpg", "/data/val/a.jpg"), ("/old/place/a.jpg", "new/a.jpg"),
      ("val\\a.png", "./val/a.jpg"), ("a", "x/a.jpg"), ("clip#12", "clip.mp4#12"),
    ])
  func names(image: String, frame: String) throws {
    let assignment = try FrameAssignment(images: ["z.jpg", image], frames: ["y.jpg", frame])
    #expect(assignment.frames == [nil, 1] && assignment.strangers == [0])
  }

  @Test("images of one name in several folders are told apart, or refused")
  func ambiguousNames() throws {
    let apart = try FrameAssignment(
      images: ["b/1.jpg", "a/1.jpg"], frames: ["d/a/1.jpg", "d/b/1.jpg"])
    #expect(apart.frames == [1, 0])
    _ = try evaluationError {
      _ = try FrameAssignment(images: ["1.jpg"], frames: ["a/1.jpg", "b/1.jpg"])
    }
    _ = try evaluationError {
      _ = try FrameAssignment(images: ["a/1.jpg", "b/1.jpg"], frames: ["1.jpg"])
    }
  }

  @Test("frames of a video go by their number")
  func videoFrames() {
    let frames = [("a.mp4", 0), ("a.mp4", 3), ("b.jpg", 0)].map {
      PredictedFrame(source: $0, index: $1, width: nil, height: nil, objects: [])
    }
    #expect(PredictedFrame.names(of: frames) == ["a.mp4#0", "a.mp4#3", "b.jpg"])
  }

  @Test("boxes are scaled to the size that the truth states")
  func scaled() throws {
    let truth = try simpleTruth(
      #"{"id":1,"image_id":1,"category_id":1,"bbox":[10,10,20,20],"area":400}"#)
    let matching = try ClassMatching(
      truth: truth, model: .init(names: ["cat"], isComplete: true))
    let frame = PredictedFrame(
      source: "a.jpg", index: 0, width: 50, height: 200, objects: [found("cat", 1, 5, 20, 10, 40)])
    let outcome = try ComparisonBuilder(truth: truth, matching: matching)
      .compare([frame], missing: .skip)
    #expect(outcome.resized == ["a.jpg"])
    #expect(abs(COCOEvaluation(outcome.comparison).figures[.AP] - 1) < 1e-9)
  }
}
