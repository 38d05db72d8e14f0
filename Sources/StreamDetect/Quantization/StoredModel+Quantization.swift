public import Foundation
internal import Media
internal import Models
internal import Pipeline

extension StoredModel {
  /// Calibrates the model for 8-bit integers on pictures or videos like those that it will see.
  ///
  /// The weights stay as they are; the range of each feature map is added. A few hundred frames are
  /// enough.
  ///
  /// - Parameters:
  ///   - sources: Pictures and videos.
  ///   - url: The model file to write.
  ///   - stride: Use every n-th frame of a video.
  ///   - limit: The maximum number of frames, over all sources.
  /// - Returns: The new model, opened and checked; it also runs in ``ComputePrecision/int8``.
  /// - Throws: ``StreamDetectError/media(_:)`` if a source cannot be read,
  ///   ``StreamDetectError/model(_:)`` if the model cannot be calibrated or written, and
  ///   ``StreamDetectError/options(_:)``.
  public func quantized(
    on sources: [Source], to url: URL, stride: Int = 10, limit: Int = 1000
  ) throws(StreamDetectError) -> StoredModel {
    try require(stride >= 1, "stride", stride, "at least 1")
    try require(limit >= 1, "limit", limit, "at least 1")
    try require(!sources.isEmpty, "sources", "[]", "at least one")
    var failure: MediaError?
    let calibrated = try modelErrors(of: path) {
      var calibrator = try Calibrator(file)
      let frames = CalibrationFrames(
        sources: sources.map(\.mediaSource), stride: stride, limit: limit,
        width: calibrator.inputWidth, height: calibrator.inputHeight)
      try calibrator.calibrate(on: frames) { failure = failure ?? $0 }
      return calibrator
    }
    if let failure { throw .media(MediaFailure(failure)) }
    guard calibrated.images > 0 else {
      throw .media(
        MediaFailure(
          .invalidData, source: sources[0].name, message: "None of its frames could be decoded.",
          remedy: "Check that it plays elsewhere."))
    }
    return try modelErrors(of: url.path) { StoredModel(try calibrated.write(to: url.path)) }
  }
}
