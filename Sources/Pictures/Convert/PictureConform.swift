internal import CFFmpeg
public import Media

/// Converts pictures to the size, range and matrix of a video's first picture.
///
/// Use it from one thread at a time.
public final class PictureConform {
  private let conversion = ImageConversion()
  private let converter = PictureConverter()

  /// Creates a converter, which allocates memory for the first picture that needs converting.
  public init() {}

  /// `picture` itself if it has `format`, otherwise a converted copy.
  package func fitted(
    _ picture: Picture, to format: PictureFormat
  ) throws(MediaError) -> Picture {
    guard !format.describes(picture) else { return picture }
    let copy = try converter.makePicture(width: format.width, height: format.height)
    copy.tags = format.tags
    let from = unsafe picture.planes()
    let to = unsafe try copy.mutablePlanes()
    try unsafe conversion.run(
      PictureLayout.Plane.allCases.map { unsafe UnsafePointer(from[$0]) } + [nil],
      picture.strides + [0], picture.imageFormat,
      to: PictureLayout.Plane.allCases.map { unsafe to[$0] } + [nil], copy.strides + [0],
      copy.imageFormat)
    return copy
  }
}

extension VideoWriter {
  /// Writes a picture to be displayed at `time`, converted to the size, range and matrix of the
  /// first picture if they differ, as the `ffmpeg` program does.
  ///
  /// - Throws: `MediaError` "output_failed", on this and every later call, if writing fails.
  public func write(
    _ picture: Picture, at time: PresentationTime, conforming conform: PictureConform
  ) throws(MediaError) {
    try write(conform.fitted(picture, to: format(first: picture)), at: time)
  }
}
