package import Media
internal import Pictures
package import Pipeline

/// The frames that a model is calibrated on, scaled to its input.
package struct CalibrationFrames: Sendable {
  /// Images and videos.
  package var sources: [MediaSource]
  /// Every `stride`-th frame of a video is used.
  package var stride: Int
  /// Maximum number of frames of all sources together.
  package var limit: Int
  /// Width of the model's input in pixels.
  package var width: Int
  /// Height of the model's input in pixels.
  package var height: Int

  /// Describes the frames; nothing is opened yet.
  package init(sources: [MediaSource], stride: Int = 1, limit: Int, width: Int, height: Int) {
    self.sources = sources
    self.stride = stride
    self.limit = limit
    self.width = width
    self.height = height
  }

  /// Decodes the sources and lends the pixels of each frame, `[height][width][3]`.
  ///
  /// A source that cannot be opened, or fails later, is reported to `onFailure`, and the next one
  /// follows.
  package func forEach(
    onFailure: (MediaError) -> Void = { _ in }, _ body: (Span<UInt8>) -> Void
  ) {
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
