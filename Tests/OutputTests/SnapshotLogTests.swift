import Foundation
import Geometry
import Pipeline
import SSDLite
import Support
import TestSupport
import Testing

@testable import Media
@testable import Output
@testable import Pictures
@testable import Tracking

@Suite("Snapshots that events name", .timeLimit(.minutes(5)))
struct SnapshotLogTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "snapshot-log-\(UUID().uuidString)")

  private func images(_ log: SnapshotLog, root: String) -> SnapshotImages {
    let tree = OutputTree(root: root, content: .pictures, inputs: InputFiles([]))
    return SnapshotImages(SnapshotPaths(tree, run: "r"), log: log)
  }

  /// A frame with two objects in stripes, whose tracks are 1 and 2.
  private func result(_ t: Double, ending: Int? = nil) -> FrameResult {
    var result = FrameResult(
      source: "a", index: Int(t * 10), pts: nil, t: t, width: 128, height: 96,
      detections: [Float(0.2), 0.6].map { x in
        Detection(
          classID: 1, score: 0.8, box: BoundingBox(xMin: x, yMin: 0.2, xMax: x + 0.2, yMax: 0.8))
      })
    result.tracks = [ObjectTrack(id: 1), ObjectTrack(id: 2)]
    result.events =
      ending.map {
        [
          ObjectEvent(
            kind: .ended(duration: 1), trackID: $0, appearance: 1, time: t, frame: 0, label: "x",
            score: 0.8, box: PixelBox(x: 1, y: 1, width: 9, height: 9), zones: [],
            isStationary: false)
        ]
      } ?? []
    return result
  }

  private func picture() throws -> Picture {
    let picture = try Picture(width: 128, height: 96)
    for y in 0..<96 {
      try picture.withMutableRow(.luma, y) { row in
        for x in row.indices { row[x] = x / 4 % 2 == 0 ? 40 : 220 }
      }
    }
    return picture
  }

  @Test("a picture is named from the record on during which it was written")
  func times() {
    let log = SnapshotLog()
    log.advance()
    log.add("seven", ofTrack: 7, in: "a")
    log.add("later", ofTrack: 7, in: "a")
    log.advance()
    log.advance()
    #expect(log.path(ofTrack: 7, in: "a", upTo: 1) == nil)
    #expect(log.path(ofTrack: 7, in: "a", upTo: 2) == "seven")
    #expect(log.path(ofTrack: 7, in: "a", upTo: 3) == "seven")
    #expect(log.path(ofTrack: 8, in: "a", upTo: 3) == nil)
    #expect(log.path(ofTrack: 7, in: "b", upTo: 3) == nil)
    log.forget("a", upTo: 1)
    #expect(log.path(ofTrack: 7, in: "a", upTo: 3) == "seven")
    log.keep("a") { $0 == 7 }
    #expect(log.path(ofTrack: 7, in: "a", upTo: 3) == "seven")
    log.forget("a", upTo: 2)
    #expect(log.path(ofTrack: 7, in: "a", upTo: 3) == nil)
  }

  @Test("a line waits for the sink that writes the pictures, but not after it has failed")
  func waiting() {
    let log = SnapshotLog()
    func asked(upTo record: Int) -> (DispatchSemaphore, Locked<String?>) {
      let (done, answer) = (DispatchSemaphore(value: 0), Locked<String?>("none"))
      Thread.detachNewThread {
        let path = log.path(ofTrack: 1, in: "a", upTo: record)
        answer.withLock { $0 = path }
        done.signal()
      }
      return (done, answer)
    }
    let (done, answer) = asked(upTo: 2)
    log.advance()
    log.add("one", ofTrack: 1, in: "a")
    #expect(answer.withLock { $0 } == "none")
    log.advance()
    done.wait()
    #expect(answer.withLock { $0 } == "one")
    let (ended, last) = asked(upTo: 9)
    log.close()
    ended.wait()
    #expect(last.withLock { $0 } == "one")
  }

  @Test("the picture of an object whose event ends is there with that frame")
  func ended() throws {
    let log = SnapshotLog()
    let images = images(log, root: folder.path)
    images.begin(SourceStart(source: "a", uri: "a", info: Records.info(), start: nil))
    let picture = try picture()
    for (t, ending) in [(0.0, nil), (0.1, 2)] as [(Double, Int?)] {
      try images.write(picture, of: result(t, ending: ending))
      images.advance()
    }
    #expect(log.path(ofTrack: 2, in: "a", upTo: 1) == nil)
    let path = try #require(log.path(ofTrack: 2, in: "a", upTo: 2))
    #expect(path == folder.path + "/a/000002.jpg")
    #expect(FileManager.default.fileExists(atPath: path))
    #expect(log.path(ofTrack: 1, in: "a", upTo: 2) == nil)
    try images.end("a")
    images.advance()
    #expect(log.path(ofTrack: 1, in: "a", upTo: 3) == folder.path + "/a/000001.jpg")
  }

  @Test("a picture that can't be written isn't named")
  func failed() throws {
    // A file where the folder would be.
    try Data().write(to: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    let log = SnapshotLog()
    let images = images(log, root: folder.path)
    images.begin(SourceStart(source: "a", uri: "a", info: Records.info(), start: nil))
    try images.write(picture(), of: result(0))
    images.advance()
    #expect(throws: (any Error).self) { try images.end("a") }
    images.fail()
    #expect(log.path(ofTrack: 1, in: "a", upTo: 2) == nil)
  }
}
