import SSDLite
import TestSupport
import Testing
@testable import Geometry

@Suite struct SuppressionTests {
  @Test(
    "kept boxes match torchvision's nms and batched_nms, in order",
    .requires(.shared),
    arguments: ["0.3", "0.45", "0.5", "0.55"], [true, false])
  func torchvision(threshold: String, isClassAgnostic: Bool) throws {
    let name = isClassAgnostic ? "nms" : "batched_nms"
    let io = try referenceIO("anchors_nms")
    let scores = try io.floats("nms.scores")
    let classes = try io.floats("nms.classes")
    let detections = boxes(try io.floats("nms.boxes")).enumerated().map {
      Detection(classID: Int(classes[$0]), score: scores[$0], box: $1)
    }
    var suppression = NonMaximumSuppression(
      iouThreshold: try #require(Float(threshold)), isClassAgnostic: isClassAgnostic)
    let kept = suppression.keep(detections).map { Float($0) }
    #expect(kept == (try io.floats("\(name).keep_iou\(threshold)")))
    suppression.limit = 10
    #expect(suppression.keep(detections).map { Float($0) } == Array(kept.prefix(10)))
  }

  @Test("the result is a sorted subset without overlaps, whatever the order", arguments: 0..<20)
  func properties(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let threshold = Float.random(in: 0...0.9, using: &random)
    let detections = (0..<Int.random(in: 0...120, using: &random)).map { _ in
      Detection(
        classID: Int.random(in: 1...3, using: &random), score: .random(in: 0...1, using: &random),
        box: .random(using: &random))
    }
    for isClassAgnostic in [false, true] {
      var suppression = NonMaximumSuppression(
        iouThreshold: threshold, isClassAgnostic: isClassAgnostic)
      let kept = suppression(detections)
      #expect(Set(kept).isSubset(of: Set(detections)), "seed \(seed)")
      #expect(kept.map(\.score) == kept.map(\.score).sorted(by: >), "seed \(seed)")
      let overlaps = kept.indices.contains { a in
        kept.indices.contains { b in
          a < b && (isClassAgnostic || kept[a].classID == kept[b].classID)
            && iou(kept[a].box, kept[b].box) > threshold
        }
      }
      #expect(!overlaps, "seed \(seed)")
      #expect(suppression(detections.shuffled(using: &random)) == kept, "seed \(seed)")
      #expect(suppression(kept) == kept, "a second pass changes nothing; seed \(seed)")
    }
  }

  @Test("detections with equal scores keep their order, including minus zero and zero")
  func ties() {
    let boxes = (0..<4).map { step in
      BoundingBox(xMin: Float(step) * 2, yMin: 0, xMax: Float(step) * 2 + 1, yMax: 1)
    }
    let detections = zip([0, -0.0, 0, 1], boxes).map {
      Detection(classID: 1, score: $0, box: $1)
    }
    var suppression = NonMaximumSuppression(iouThreshold: 0.5)
    #expect(suppression.keep(detections) == [3, 0, 1, 2])
  }

  @Test(
    "negative and infinite scores sort like any others, and NaN scores are dropped")
  func unusualScores() {
    let scores: [Float] = [-1, .nan, .infinity, 2, -.infinity, -0.5, -.nan]
    let detections = scores.enumerated().map { index, score in
      let x = Float(index) * 2
      return Detection(
        classID: 1, score: score, box: BoundingBox(xMin: x, yMin: 0, xMax: x + 1, yMax: 1))
    }
    var suppression = NonMaximumSuppression(iouThreshold: 0.5)
    #expect(suppression.keep(detections) == [2, 3, 5, 0, 4])
  }
}
