package import Evaluation
internal import Geometry
package import Pipeline
internal import SSDLite

/// Collects the detections of a run for evaluation: with labels, and boxes in pixels.
package final class PredictionCollector: ResultSink {
  /// The frames so far.
  package private(set) var frames: [PredictedFrame] = []
  private let labels: [String]

  /// Creates a collector for a detector with these labels.
  package init(labels: [String]) { self.labels = labels }

  package func sourceStarted(_ start: SourceStart) {}

  package func frame(_ result: FrameResult) {
    let (width, height) = (Double(result.width), Double(result.height))
    frames.append(
      PredictedFrame(
        source: result.source, index: result.index, width: result.width, height: result.height,
        objects: result.detections.map { detection in
          let box = detection.box
          let (x, y) = (Double(box.xMin) * width, Double(box.yMin) * height)
          return .init(
            label: label(of: detection.classID), score: Double(detection.score),
            box: PixelBox(
              x: x, y: y, width: Double(box.xMax) * width - x,
              height: Double(box.yMax) * height - y))
        }))
  }

  package func sourceEnded(_ end: SourceEnd) {}

  private func label(of classID: Int) -> String {
    labels.indices.contains(classID) ? labels[classID] : "class \(classID)"
  }
}
