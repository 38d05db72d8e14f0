import Foundation
import Geometry
import Pipeline
import SSDLite
import TestSupport
import Testing

@testable import Media
@testable import Output
@testable import Pictures

@Suite("Snapshots of tracks")
struct SnapshotTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "snap-\(UUID().uuidString)")
  }

  private func paths() -> SnapshotPaths {
    SnapshotPaths(
      OutputTree(root: folder.path, content: .pictures, inputs: InputFiles([])), run: "r1")
  }

  private func start(_ source: String, _ kind: SourceKind = .file) -> SourceStart {
    SourceStart(source: source, uri: source, info: Records.info(kind), start: nil)
  }

  /// A picture of stripes, which are soft ones if it is blurred.
  private func picture(isBlurred: Bool = false) throws -> Picture {
    let picture = try Picture(width: 640, height: 480)
    for y in 0..<480 {
      try picture.withMutableRow(.luma, y) { row in
        for x in row.indices {
          let phase = Double(x) / 40 * 2 * Double.pi
          row[x] = isBlurred ? UInt8(128 + 100 * sin(phase)) : (x / 5 % 2 == 0 ? 40 : 220)
        }
      }
    }
    return picture
  }

  /// A frame with one object: a box in pixels of 640 x 480.
  private func result(
    _ t: Double, _ box: (Float, Float, Float, Float), score: Float = 0.8, track: Int = 7,
    isPredicted: Bool = false, source: String = "a"
  ) -> FrameResult {
    var result = FrameResult(
      source: source, index: Int(t * 25), pts: nil, t: t, width: 640, height: 480,
      detections: [
        Detection(
          classID: 1, score: score,
          box: BoundingBox(
            xMin: box.0 / 640, yMin: box.1 / 480, xMax: (box.0 + box.2) / 640,
            yMax: (box.1 + box.3) / 480))
      ])
    result.tracks = [ObjectTrack(id: track, isPredicted: isPredicted)]
    return result
  }

  private func size(_ path: String) throws -> [Int] {
    let video = try SourceProbe(path).video
    return [video.width, video.height]
  }

  @Test("the best picture is sharp, large, of a sure detection and not cut off")
  func best() throws {
    let images = SnapshotImages(paths())
    images.begin(start("a"))
    let (sharp, soft) = (try picture(), try picture(isBlurred: true))
    try images.write(sharp, of: result(0.0, (300, 200, 60, 80)))
    try images.write(soft, of: result(0.1, (100, 100, 300, 280)))
    try images.write(sharp, of: result(0.2, (0, 100, 240, 260)))
    try images.write(sharp, of: result(0.3, (100, 100, 180, 220)))
    try images.write(sharp, of: result(0.4, (100, 100, 186, 226), score: 0.5))
    try images.write(sharp, of: result(0.5, (100, 100, 280, 320), isPredicted: true))
    try images.write(sharp, of: result(0.6, (300, 200, 40, 50)))
    let path = folder.path + "/a/000007.jpg"
    #expect(!FileManager.default.fileExists(atPath: path))
    try images.end("a")
    #expect(try size(path) == [180, 220])
  }

  @Test("a picture is written when no better one comes, and replaced by a better one")
  func replaced() throws {
    let images = SnapshotImages(paths())
    images.begin(start("a"))
    let sharp = try picture()
    let path = folder.path + "/a/000007.jpg"
    try images.write(sharp, of: result(0, (100, 100, 60, 80)))
    try images.write(sharp, of: result(1.9, (100, 100, 50, 70)))
    #expect(!FileManager.default.fileExists(atPath: path))
    try images.write(sharp, of: result(2.1, (100, 100, 50, 70)))
    #expect(try size(path) == [60, 80])
    // Written, so it isn't in memory any more, but not forgotten.
    try images.write(sharp, of: result(50, (100, 100, 50, 70)))
    try images.write(sharp, of: result(60, (100, 100, 90, 120)))
    try images.end("a")
    #expect(try size(path) == [90, 120])
  }

  @Test("pictures of many large objects don't stay in memory")
  func bounded() throws {
    let images = SnapshotImages(paths())
    images.begin(start("a"))
    let sharp = try picture()
    // Half a megabyte each, all in a moment.
    for id in 1...200 {
      try images.write(sharp, of: result(0.001 * Double(id), (10, 10, 600, 440), track: id))
    }
    let written = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a")
    #expect(written.count >= 30)
    try images.end("a")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a").count == 200)
  }

  @Test("each source has its folder, a live one one for each run")
  func names() throws {
    let names = paths()
    for source in ["b/clip.mp4", "../b/clip.mp4", "x"] {
      names.begin(start(source, source == "x" ? .live : .file))
    }
    // Naming makes no folder.
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    let all = try ["x", "../b/clip.mp4", "b/clip.mp4"].map {
      try names.prepared(forTrack: 3, in: $0)
    }
    #expect(Set(all).count == 3 && all[0] == folder.path + "/x/r1/000003.jpg")
    #expect(all[2] == folder.path + "/b/clip.mp4/000003.jpg")
  }

  @Test("sharpness falls with blur, and is none without contrast or pixels")
  func sharpness() throws {
    let (sharp, soft) = (try picture().sharpness, try picture(isBlurred: true).sharpness)
    #expect(sharp > 5 * soft && soft > 0 && sharp < 4.5)
    #expect(try Picture(width: 100, height: 80).sharpness == 0)
    #expect(try Picture(width: 2, height: 300).sharpness == 0)
  }
}
