public import Layers

/// One worker's memory for detecting objects, frame after frame.
///
/// Not `Sendable`: a worker belongs to one thread at a time.
public final class DetectorWorker {
  /// The detector that it runs.
  public let detector: Detector
  /// The worker's feature maps, for reading raw outputs and for profiling.
  public let session: Session
  /// Which detections are kept.
  package var options: DetectionOptions {
    didSet {
      if options != oldValue { postprocessor = Self.makePostprocessor(detector, options) }
    }
  }
  private var postprocessor: Postprocessor

  init(_ detector: Detector, options: DetectionOptions) {
    self.detector = detector
    self.options = options
    session = detector.network.makeSession()
    postprocessor = Self.makePostprocessor(detector, options)
  }

  private static func makePostprocessor(
    _ detector: Detector, _ options: DetectionOptions
  ) -> Postprocessor {
    Postprocessor(
      classes: detector.classes, rows: detector.rows, scoring: detector.scoring,
      boxes: detector.boxes, options: options)
  }

  /// The objects in an image, sorted by descending score, with boxes in fractions of the image.
  ///
  /// - Precondition: `rgb` is dense, `[inputHeight][inputWidth][3]`, red first.
  public func detect(rgb: Span<UInt8>) -> [Detection] {
    session.setInput(rgb: rgb, detector.normalization)
    session.run()
    return postprocess()
  }

  /// The objects in the outputs of the session's last run.
  public func postprocess() -> [Detection] {
    session.withOutput(detector.outputs.scores) { logits in
      session.withOutput(detector.outputs.boxes) { codes in
        postprocessor.detections(logits: logits, codes: codes)
      }
    }
  }
}
