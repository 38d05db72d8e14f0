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
    var tracks = 0
    try spool.forEachTrack { key, steps in
      tracks += 1
      let frames = steps.filter { !$0.isGone }.map(\.frame)
      #expect(frames == (0..<40_000).filter { $0 % (key + 2) != 0 })
      #expect(steps.filter(\.isGone).allSatisfy { $0.frame % (key + 2) == 0 })
      #expect(steps.allSatisfy { $0.box.y == Double(key) })
    }
    #expect(tracks == 5)
  }
}
