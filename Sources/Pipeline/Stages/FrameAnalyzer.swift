package import SSDLite
package import Geometry
package import Pictures

/// Analyses frames for one worker, with memory of its own; for one thread at a time.
package protocol FrameAnalyzer: AnyObject {
  /// Makes the network's input of a part of the picture; after that the picture isn't needed.
  ///
  /// Returns the part that was used, which may be a few pixels larger.
  func prepare(_ frame: Frame, region: PixelRegion) throws -> PixelRegion

  /// Detects objects in the part that was prepared last; boxes are in fractions of it.
  ///
  /// Adds its own time to `inference` and `postprocess`.
  func detect(timings: inout StageTimings) -> [Detection]

  /// The luma of the whole frame as the network saw it, of an analyzer that was asked for it; of
  /// the last `prepare`.
  func takeLuma() -> LumaImage?

  /// The class of each pixel of the frame, of an analyzer that tells; of the last `detect`.
  func takePixelClasses() -> PixelClasses?
}

extension FrameAnalyzer {
  /// None by default.
  package func takeLuma() -> LumaImage? { nil }

  /// None by default.
  package func takePixelClasses() -> PixelClasses? { nil }
}

/// Makes an analyzer for each worker.
package protocol FrameAnalyzerFactory: Sendable {
  /// The input sizes of the network; the first also analyses tiles.
  var sizes: [InputSize] { get }

  /// The analyzers of one worker, one for each size.
  func makeAnalyzers() -> [any FrameAnalyzer]
}
