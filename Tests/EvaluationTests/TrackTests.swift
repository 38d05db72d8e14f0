import Annotations
import Geometry
import TestSupport
import Testing

@testable import Evaluation

/// The figures were computed with motrics 0.3.0, which equals TrackEval.
@Suite("Tracks")
struct TrackTests {
  private func box(_ number: Int, _ x: Double, _ classID: Int = 0) -> NumberedBox {
    NumberedBox(
      number: number, classID: classID, box: PixelBox(x: x, y: 10, width: 40, height: 80))
  }

  /// Two objects over 40 frames: boxes that stray, a swap, a gap and false boxes, from a seed.
  private var drawn: [TrackedFrame] {
    (0..<40).map { index in
      let step = Double(index)
      let truth = [box(1, 10 + 5 * step), box(2, 300 - 4 * step)]
      var found: [NumberedBox] = []
      if index % 9 != 4 { found.append(box(index < 25 ? 11 : 12, 12 + 5 * step)) }
      if index < 12 || index > 17 {
        found.append(box(index < 25 ? 12 : 11, 300 - 4 * step + Double(index % 5) * 3))
      }
      if index % 7 == 3 { found.append(box(20 + index, 600)) }
      return TrackedFrame(truth: truth, found: found)
    }
  }

  @Test("figures equal motrics'")
  func drawnFigures() {
    let figures = TrackFigures(drawn)
    for (value, expected) in [
      (figures.hota, 0.458053176), (figures.detA, 0.643817429), (figures.assA, 0.327848598),
      (figures.idf1, 0.589743590), (figures.mota, 0.775000000),
    ] {
      #expect((value - expected).magnitude < 1e-6, "\(value), not \(expected)")
    }
    #expect(figures.switches == 2)
  }

  @Test("perfect tracks have perfect figures, and none have none")
  func extremes() {
    let truth = drawn.map { TrackedFrame(truth: $0.truth, found: $0.truth) }
    let perfect = TrackFigures(truth)
    #expect(
      [perfect.hota, perfect.detA, perfect.assA, perfect.locA, perfect.idf1, perfect.mota]
        .allSatisfy { ($0 - 1).magnitude < 1e-12 })
    let nothing = TrackFigures(drawn.map { TrackedFrame(truth: $0.truth, found: []) })
    #expect(nothing.hota == 0 && nothing.idf1 == 0 && nothing.mota == 0 && nothing.misses == 80)
    let empty = TrackFigures([])
    #expect(empty.hota == 0 && empty.idf1 == 0 && empty.mota == 0)
  }

  @Test("boxes of different classes never match")
  func classes() {
    let frame = TrackedFrame(truth: [box(1, 10, 0)], found: [box(1, 10, 1)])
    #expect(TrackFigures([frame]).hota == 0)
  }

  @Test("boxes on objects that don't count are left out, unless they match one that does")
  func leftOut() {
    var frame = TrackedFrame(truth: [box(1, 10)], found: [box(1, 12), box(2, 200), box(3, 500)])
    frame.leaveOut(on: [box(7, 205), box(8, 14)])
    #expect(frame.found == [box(1, 12), box(3, 500)])
  }

  @Test("a truth of the MOTChallenge is compared with JSON lines")
  func challenge() throws {
    let truth = try MOTChallengeFile(
      """
      1,4,10,10,40,80,1,1,1
      2,4,15,10,40,80,1,1,0.1

      2,5,300,10,40,80,0,1,1
      3, 4, 20, 10, 40, 80
      """, path: "gt.txt")
    func frame(_ index: Int, _ x: [Double]) -> FrameRecord {
      FrameRecord(
        source: "a", index: index, width: nil, height: nil,
        objects: x.map {
          ObjectRecord(
            label: "person", classID: 0, confidence: 0.9,
            box: PixelBox(x: $0, y: 10, width: 40, height: 80), trackID: 3)
        })
    }
    let found = [frame(0, [10]), frame(1, [15, 300]), frame(2, [20])]
    let comparison = try TrackComparison(truth: truth, found: found, path: "run.jsonl")
    #expect(comparison.frames.map(\.truth.count) == [1, 0, 1])
    #expect(comparison.frames.map(\.found.count) == [1, 0, 1])
    #expect((TrackFigures(comparison.frames).hota - 1).magnitude < 1e-12)
    let others = try TrackComparison(
      truth: found, truthPath: "a", found: [found[0], found[2]], path: "b")
    #expect(others.frames.count == 2)
    #expect((TrackFigures(others.frames).idf1 - 1).magnitude < 1e-12)
  }

  @Test(
    "a damaged line of a truth is named",
    arguments: [
      "1,2,3", "a,1,2,3,4,5", "1.5,1,2,3,4,5", "0,1,2,3,4,5", "1,1,2,3,nan,5,1,1,1",
      "1,1,2,3,4,1e300", "1,1,2,3,4,5,1,1,7", "99999999999999,1,2,3,4,5", "1,1,2,3,4,5,1,x,1",
    ])
  func damaged(line: String) throws {
    let error = try #require(throws: AnnotationError.self) {
      try MOTChallengeFile("1,4,10,10,40,80\n" + line, path: "gt.txt")
    }
    #expect(error.path == "gt.txt:2")
  }
}
