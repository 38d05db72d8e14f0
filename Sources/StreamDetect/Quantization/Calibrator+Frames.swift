internal import Layers
package import Media
package import Models
package import SSDLite

extension Calibrator {
  /// Calibrates on decoded frames, which takes one to three passes over them.
  ///
  /// Each source that fails is reported to `onFailure` once.
  ///
  /// - Throws: Whatever building the network throws.
  package mutating func calibrate(
    _ options: Options = Options(), on frames: CalibrationFrames,
    onFailure: (MediaError) -> Void
  ) throws {
    var isFirstPass = true
    try calibrate(options) { body in
      frames.forEach {
        if isFirstPass { onFailure($0) }
      } _: {
        body($0)
      }
      isFirstPass = false
    }
  }
}

extension DetectionAgreement {
  /// Compares a detector in FP32 with its calibrated version in 8-bit integers.
  ///
  /// - Throws: `ModelFileError` if a model is not a detector, or `calibrated` has no ranges.
  package init(
    of model: ModelFile, calibrated: ModelFile, on frames: CalibrationFrames
  ) throws {
    self.init()
    let description = calibrated.description
    // Half the threshold, so an object whose score falls just below it is still found.
    let options = DetectionOptions(
      scoreThreshold: description.scoreThreshold / 2, iouThreshold: description.iouThreshold)
    let reference = try model.makeDetector().makeWorker(options: options)
    let rounded = try calibrated.makeDetector(precision: .int8).makeWorker(options: options)
    frames.forEach { pixels in
      add(
        reference: reference.detect(rgb: pixels), other: rounded.detect(rgb: pixels),
        threshold: description.scoreThreshold)
    }
  }
}
