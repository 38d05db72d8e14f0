import TestSupport
import Testing

@testable import Annotations
@testable import Geometry

@Suite("Tracks put aside")
struct TrackSpoolTests {
  @Test("more steps of tracks than are kept in memory come back in order")
  func manySteps() throws {
    let folder = try TemporaryFolder()
    var spool = TrackSpool<Int>(in: folder.path)
    for frame in 0..<40_000 {
      let steps = (0..<5).filter { frame % ($0 + 2) != 0 }.map { track in
        (
          key: track,
          step: TrackStep(
            frame: frame, seconds: Double(frame) / 25,
            box: PixelBox(x: Double(frame), y: Double(track), width: 1, height: 2),
            confidence: 0.5)
        )
      }
      try spool.add(steps, frame: frame, seconds: Double(frame) / 25)
    }
    var tracks: [Int] = []
    var frames: [[Int]] = []
    var last: TrackStep?
    try spool.forEachStep { key, step, isFirst, next in
      if isFirst {
        tracks.append(key)
        frames.append([])
      } else {
        #expect(last?.frame == step.frame)
      }
      last = next
      #expect(step.box.y == Double(key))
      if step.isGone {
        #expect(step.frame % (key + 2) == 0)
      } else {
        frames[frames.count - 1].append(step.frame)
      }
    }
    #expect(last == nil)
    // In the order in which they came.
    #expect(tracks == [0, 1, 2, 3, 4])
    for (key, found) in zip(tracks, frames) {
      #expect(found == (0..<40_000).filter { $0 % (key + 2) != 0 })
    }
  }
}
