internal import Media

extension VideoFrame {
  /// The first frame of a picture, a video or a stream.
  ///
  /// - Throws: `MediaError` if the source cannot be opened or has no frame that can be decoded.
  static func first(
    of location: String, options: InputOptions = InputOptions()
  ) throws(MediaError) -> VideoFrame {
    let reader = try VideoReader(location, options: options)
    guard let frame = try reader.next() else {
      throw MediaError(
        .invalidData, source: location, message: "None of its frames could be decoded.",
        remedy: "Check that the file is complete.")
    }
    return frame
  }
}
