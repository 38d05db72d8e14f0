package import SSDLite
package import Geometry

/// One worker's way from a frame to detections, with all its memory, for one thread at a time.
package protocol FrameAnalyzer: AnyObject {
  /// Brings a part of the picture into the form that `detect` works on; the picture isn't needed any
  /// more then.
  ///
  /// Returns the part that was taken, which may be a few pixels larger.
  func prepare(_ frame: DecodedFrame, region: PixelRegion) throws -> PixelRegion

  /// Looks for objects in what was prepared last; boxes are in fractions of it.
  ///
  /// Adds its own time to `inference` and `postprocess`.
  func detect(timings: inout StageTimings) -> [Detection]
}

/// Makes each worker its analyzer.
package protocol FrameAnalyzerFactory: Sendable {
  /// The size of the pictures that the network takes, in pixels.
  var input: (width: Int, height: Int) { get }

  func makeAnalyzer() -> any FrameAnalyzer
}
