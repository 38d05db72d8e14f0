import Foundation
import Pipeline
import SSDLite

@testable import Geometry
@testable import Media

/// Records like those of a pipeline.
enum Records {
  static func info(_ kind: SourceKind = .file, rate: Rational? = Rational(25, 1)) -> StreamInfo {
    StreamInfo(
      kind: kind, width: 1920, height: 1080, codedWidth: 1920, codedHeight: 1080, rotation: 0,
      pixelAspect: nil, codec: "h264", pixelFormat: "yuv420p", timeBase: TimeBase(1, 90_000),
      averageFrameRate: rate, duration: 360, bitRate: nil, frameCountEstimate: nil, isHDR: false,
      colorSpace: "bt709", transfer: "bt709", primaries: "bt709", range: "tv", hasAudio: false,
      formatName: "rtsp")
  }

  static func start(_ kind: SourceKind = .file) -> SourceStart {
    SourceStart(
      source: "cam1", uri: "rtsp://10.0.0.5:554/h264", info: info(kind),
      start: kind == .live ? Date(timeIntervalSince1970: 1_795_255_201.12) : nil)
  }

  static func frame(
    _ detections: [Detection] = [], wall: Date? = nil, isCorrupt: Bool = false
  ) -> FrameResult {
    FrameResult(
      source: "cam1", index: 123, pts: 442_800, t: 4.92, wall: wall, width: 1920, height: 1080,
      isCorrupt: isCorrupt, detections: detections)
  }

  static func detection(
    _ classID: Int = 1, score: Float = 0.87126,
    box: (Float, Float, Float, Float) = (0.21614583, 0.45296296, 0.27505208, 0.64870371)
  ) -> Detection {
    Detection(
      classID: classID, score: score,
      box: BoundingBox(xMin: box.0, yMin: box.1, xMax: box.2, yMax: box.3))
  }

  static func end() -> SourceEnd {
    var counts = FrameCounts()
    (counts.decoded, counts.processed, counts.dropped, counts.failed) = (9000, 8990, 8, 2)
    return SourceEnd(
      source: "cam1", status: .complete, counts: counts, objects: 412, reconnects: 1, firstT: 0,
      lastT: 359.96, elapsed: 120.4)
  }
}
