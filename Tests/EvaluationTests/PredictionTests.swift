import Annotations
import Geometry
import TestSupport
import Testing

@testable import Evaluation

@Suite("Results and images")
struct PredictionTests {
  @Test(
    "an image is found by its path, the end of its path, its file name or its stem",
    arguments: [
      ("a.jpg", "a.jpg"), ("val/a.jpg", "/data/val/a.jpg"), ("/old/place/a.jpg", "new/a.jpg"),
      ("val\\a.png", "./val/a.jpg"), ("a", "x/a.jpg"), ("clip#12", "clip.mp4#12"),
    ])
  func names(image: String, frame: String) throws {
    let assignment = try FrameAssignment(images: ["z.jpg", image], frames: ["y.jpg", frame])
    #expect(assignment.frames == [nil, 1] && assignment.unassigned == [0])
  }

  @Test("equal file names in several folders are told apart by folder, or refused")
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

  @Test("frames of a video are named by their number")
  func videoFrames() {
    let frames = [("a.mp4", 0), ("a.mp4", 3), ("b.jpg", 0)].map {
      FrameRecord(source: $0, index: $1, width: nil, height: nil, objects: [])
    }
    #expect(FrameRecord.imageNames(of: frames) == ["a.mp4#0", "a.mp4#3", "b.jpg"])
  }

  @Test("boxes are scaled to the image size in the truth")
  func scaled() throws {
    let truth = try simpleTruth(
      #"{"id":1,"image_id":1,"category_id":1,"bbox":[10,10,20,20],"area":400}"#)
    let matching = try ClassMatching(
      truth: truth, model: .init(names: ["cat"], isComplete: true))
    let frame = FrameRecord(
      source: "a.jpg", index: 0, width: 50, height: 200, objects: [found("cat", 1, 5, 20, 10, 40)])
    let outcome = try ComparisonBuilder(truth: truth, matching: matching)
      .compare([frame], missing: .skip)
    #expect(outcome.resized == ["a.jpg"])
    #expect(abs(COCOEvaluation(outcome.comparison).figures[.AP] - 1) < 1e-9)
  }

  @Test("a truth in fractions is compared in pixels of the frame")
  func fractions() throws {
    var image = AnnotationSet.Image(
      id: .text("a"), name: "val/a", width: nil, height: nil,
      boxes: [
        .init(category: 0, box: PixelBox(x: 0.1, y: 0.2, width: 0.2, height: 0.4), area: 0.08)
      ])
    image.isRelative = true
    var empty = image
    (empty.name, empty.boxes) = ("val/empty", [])
    let truth = AnnotationSet(
      form: .yolo, categories: [.init(id: .number(0), name: "dog")], images: [image, empty])
    let matching = try ClassMatching(truth: truth, model: .init(names: ["dog"], isComplete: true))
    let frame = FrameRecord(
      source: "images/val/a.png", index: 0, width: 200, height: 100,
      objects: [found("dog", 1, 20, 20, 40, 40)])
    let outcome = try ComparisonBuilder(truth: truth, matching: matching)
      .compare([frame], missing: .count)
    #expect(outcome.missing == ["val/empty"])
    #expect(abs(COCOEvaluation(outcome.comparison).figures[.AP] - 1) < 1e-9)
  }
}
