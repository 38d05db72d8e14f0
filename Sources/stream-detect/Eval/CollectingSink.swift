internal import SSDLite
internal import Annotations
internal import Geometry
internal import Pipeline

/// Keeps what is found, in pixels and by name, as if it had been read from a file.
final class CollectingSink: ResultSink {
  private(set) var frames: [FrameRecord] = []
  private let labels: [String]

  init(labels: [String]) { self.labels = labels }

  func sourceStarted(_ start: SourceStart) {}

  func frame(_ result: FrameResult) {
    let (width, height) = (Double(result.width), Double(result.height))
    frames.append(
      FrameRecord(
        source: result.source, index: result.index, width: result.width, height: result.height,
        objects: result.detections.map { detection in
          let box = detection.box
          let (x, y) = (Double(box.xMin) * width, Double(box.yMin) * height)
          return .init(
            label: ClassLabel.name(of: detection.classID, in: labels),
            confidence: Double(detection.score),
            box: PixelBox(
              x: x, y: y, width: Double(box.xMax) * width - x,
              height: Double(box.yMax) * height - y))
        }))
  }

  func sourceEnded(_ end: SourceEnd) {}
}
