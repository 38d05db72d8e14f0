internal import Media
internal import Pictures
internal import Pipeline

/// The frames that a model is calibrated on, scaled to its input, as often as they are wanted.
struct CalibrationFrames {
  var sources: [MediaSource]
  /// Every how many frames of a video one is used.
  var stride: Int
  /// Most frames of all sources together.
  var limit: Int
  /// The model's input in pixels.
  var width: Int
  var height: Int

  /// Lends each frame's pixels, `[height][width][3]`; a source that cannot be read is left out.
  func forEach(onFailure: (MediaError) -> Void = { _ in }, _ body: (Span<UInt8>) -> Void) {
    let scaler = Scaler()
    let image = RGBImage(width: width, height: height)
    var used = 0
    for source in sources where used < limit {
      do {
        let reader = try VideoReader(
          source.location, options: InputOptions(), cancellation: Cancellation())
        while used < limit, let frame = try reader.next() {
          guard frame.index.isMultiple(of: stride) else { continue }
          try scaler.scale(frame, into: image)
          image.withPixels(body)
          used += 1
        }
      } catch {
        onFailure(error)
      }
    }
  }
}
