package import SSDLite

/// One worker's way from a frame to detections, with all its memory, for one thread at a time.
package protocol FrameAnalyzer: AnyObject {
  /// Brings the picture into the form that `detect` works on; the picture isn't needed any more then.
  func prepare(_ frame: DecodedFrame) throws

  /// Looks for objects in the frame prepared last.
  ///
  /// Adds its own time to `inference` and `postprocess`.
  func detect(timings: inout StageTimings) -> [Detection]
}

/// Makes each worker its analyzer.
package protocol FrameAnalyzerFactory: Sendable {
  func makeAnalyzer() -> any FrameAnalyzer
}
