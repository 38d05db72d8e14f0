import TestSupport
import Testing

@testable import SSDLite
@testable import Geometry

@Suite("Tile merge")
struct TileMergeTests {
  private let frame = BoundingBox(xMin: 0, yMin: 0, xMax: 1, yMax: 1)
  private let upperLeft = BoundingBox(xMin: 0, yMin: 0, xMax: 0.5, yMax: 0.5)
  private let middle = BoundingBox(xMin: 0.25, yMin: 0.25, xMax: 0.75, yMax: 0.75)

  private func merge(limit: Int = 300, isAgnostic: Bool = false) -> TileMerge {
    TileMerge(
      options: DetectionOptions(
        scoreThreshold: 0.1, iouThreshold: 0.5, maximumDetections: limit,
        isClassAgnostic: isAgnostic))
  }

  private func detection(
    _ xMin: Float, _ yMin: Float, _ xMax: Float, _ yMax: Float, score: Float = 0.5, classID: Int = 1
  ) -> Detection {
    Detection(
      classID: classID, score: score,
      box: BoundingBox(xMin: xMin, yMin: yMin, xMax: xMax, yMax: yMax))
  }

  private func found(_ detections: [Detection], in tile: BoundingBox) -> [Detection] {
    var merge = merge()
    merge.add(detections, from: tile)
    return merge.finish()
  }

  @Test("a tile's box is converted to its place in the frame")
  func places() {
    let found = found([detection(0.25, 0.5, 0.75, 0.625)], in: middle)
    #expect(found == [detection(0.375, 0.5, 0.625, 0.5625)])
  }

  @Test("boxes that touch a border between tiles are dropped, those at the frame's edge are not")
  func borders() {
    let touching = [
      detection(0, 0.4, 0.3, 0.6), detection(0.4, 0, 0.6, 0.3), detection(0.7, 0.4, 1, 0.6),
      detection(0.4, 0.7, 0.6, 1),
    ]
    // All borders of a tile in the middle are between tiles; none of the frame's are.
    #expect(found(touching, in: middle).isEmpty)
    #expect(found(touching, in: frame).count == 4)
    // Only the right and lower borders of the upper left tile are.
    #expect(
      Set(found(touching, in: upperLeft).map(\.box)) == [
        BoundingBox(xMin: 0, yMin: 0.2, xMax: 0.15, yMax: 0.3),
        BoundingBox(xMin: 0.2, yMin: 0, xMax: 0.3, yMax: 0.15),
      ])
  }

  @Test("a box that ends a little before the border touches it")
  func tolerance() {
    let tolerance = TileMerge.borderTolerance
    #expect(found([detection(tolerance / 2, 0.4, 0.3, 0.6)], in: middle).isEmpty)
    #expect(found([detection(tolerance * 1.5, 0.4, 0.3, 0.6)], in: middle).count == 1)
    #expect(found([detection(0.4, 0.4, 0.6, 1 - tolerance / 2)], in: middle).isEmpty)
    #expect(found([detection(0.4, 0.4, 0.6, 1 - tolerance * 1.5)], in: middle).count == 1)
  }

  @Test("an object found in several tiles is one detection, the one with the highest score")
  func suppression() {
    var merge = merge()
    merge.add([detection(0.3, 0.3, 0.5, 0.5, score: 0.4)], from: frame)
    merge.add([detection(0.1, 0.1, 0.5, 0.5, score: 0.9)], from: middle)
    merge.add([detection(0.1, 0.1, 0.5, 0.5, score: 0.6, classID: 2)], from: middle)
    let boxes = merge.finish()
    #expect(boxes.map(\.score) == [0.9, 0.6])
    #expect(boxes.map(\.classID) == [1, 2])
    #expect(merge.finish().isEmpty, "the next frame starts empty")

    var agnostic = self.merge(isAgnostic: true)
    agnostic.add([detection(0.3, 0.3, 0.5, 0.5, score: 0.4)], from: frame)
    agnostic.add([detection(0.1, 0.1, 0.5, 0.5, score: 0.6, classID: 2)], from: middle)
    #expect(agnostic.finish().map(\.score) == [0.6])
  }

  @Test("the part of a large object in a tile is not reported besides the whole object")
  func parts() {
    var merge = merge()
    let whole = detection(0.05, 0.1, 0.95, 0.9, score: 0.7)
    merge.add([whole], from: frame)
    // The part has the higher score, and the overlap is too small for suppression.
    merge.add([detection(0.1, 0.2, 1, 1, score: 0.95)], from: upperLeft)
    #expect(merge.finish() == [whole])
  }

  @Test("the limit applies after merging, and the best detections are kept")
  func limit() {
    var merge = merge(limit: 3)
    for (index, tile) in [frame, upperLeft, middle].enumerated() {
      let shift = Float(index) * 0.02
      merge.add(
        [
          detection(0.1 + shift, 0.1, 0.2 + shift, 0.2, score: 0.3 + shift),
          detection(0.6 + shift, 0.6, 0.7 + shift, 0.7, score: 0.6 + shift),
        ], from: tile)
    }
    let scores = merge.finish().map(\.score)
    #expect(scores.count == 3 && scores == scores.sorted(by: >) && scores.allSatisfy { $0 > 0.5 })
  }

  @Test("the result of any tiles is sorted, inside the frame and without overlaps")
  func properties() {
    for seed in 0..<50 {
      var random = SplitMix64(seed: UInt64(seed))
      var merge = merge(limit: 40)
      for _ in 0..<6 {
        let (x, y) = (
          Float.random(in: 0...0.5, using: &random), Float.random(in: 0...0.5, using: &random)
        )
        let tile = BoundingBox(xMin: x, yMin: y, xMax: x + 0.5, yMax: y + 0.5)
        merge.add(
          (0..<30).map { _ in
            let (left, top) = (
              Float.random(in: 0...0.9, using: &random), Float.random(in: 0...0.9, using: &random)
            )
            return detection(
              left, top, Float.random(in: left...1, using: &random),
              Float.random(in: top...1, using: &random),
              score: Float.random(in: 0...1, using: &random),
              classID: Int.random(in: 1...3, using: &random))
          }, from: tile)
      }
      let kept = merge.finish()
      #expect(kept.count <= 40 && kept.map(\.score) == kept.map(\.score).sorted(by: >))
      #expect(kept.allSatisfy { $0.box == $0.box.clipped }, "seed \(seed)")
      for (index, one) in kept.enumerated() {
        for other in kept[..<index] where other.classID == one.classID {
          #expect(!(iou(one.box, other.box) > 0.5), "seed \(seed)")
        }
      }
    }
  }
}
