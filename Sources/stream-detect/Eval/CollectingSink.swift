internal import SSDLite
internal import Evaluation
internal import Geometry
internal import Output
internal import Pipeline

/// Keeps what is found, in pixels and by name, as if it had been read from a file.
final class CollectingSink: ResultSink {
  private(set) var frames: [PredictedFrame] = []
  private let labels: [String]

  init(labels: [String]) { self.labels = labels }

  func sourceStarted(_ start: SourceStart) {}

  func frame(_ result: FrameResult) {
    let (width, height) = (Double(result.width), Double(result.height))
    frames.append(
      PredictedFrame(
        source: result.source, index: result.index, width: result.width, height: result.height,
        objects: result.detections.map { detection in
          let box = detection.box
          let (x, y) = (Double(box.xMin) * width, Double(box.yMin) * height)
          return .init(
            label: name(of: detection.classID), score: Double(detection.score),
            box: PixelBox(
              x: x, y: y, width: Double(box.xMax) * width - x,
              height: Double(box.yMax) * height - y))
        }))
  }

  func sourceEnded(_ end: SourceEnd) {}

  private func name(of classID: Int) -> String {
    labels.indices.contains(classID) ? labels[classID] : "class \(classID)"
  }
}
