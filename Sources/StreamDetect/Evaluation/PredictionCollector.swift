package import Annotations
internal import Geometry
package import Pipeline
internal import SSDLite

/// Collects the detections of a run for evaluation: with labels, and boxes in pixels.
package final class PredictionCollector: ResultSink {
  /// The frames so far.
  package private(set) var frames: [FrameRecord] = []
  private let labels: [String]

  /// Creates a collector for a detector with these labels.
  package init(labels: [String]) { self.labels = labels }

  package func sourceStarted(_ start: SourceStart) {}

  package func frame(_ result: FrameResult) {
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

  package func sourceEnded(_ end: SourceEnd) {}
}
