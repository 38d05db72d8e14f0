import CFFmpeg

/// Scales whole displayed frames, whatever their format, to pictures for a network.
///
/// The aspect ratio is not kept. Shrinking averages the pixels that fall together, as Pillow's
/// bilinear filter does. Keeps libswscale's context until a frame comes with another size, format,
/// range or matrix, which happens within one file. For one thread at a time; one scaler a worker.
public final class Scaler {
  private let conversion = ImageConversion()
  /// The scaled picture before it is turned.
  private var unturned: RGBImage?

  /// Makes a scaler; its memory comes with the first frame.
  public init() {}

  /// Scales `frame`, turned as it is shown, to fill `image`.
  ///
  /// The matrix and the range are those that the frame is tagged with, else those that players
  /// assume. A PQ or HLG transfer is left as it is.
  ///
  /// - Throws: `MediaError` "unsupported_pixel_format" where libswscale does not read the format.
  public func scale(_ frame: VideoFrame, into image: RGBImage) throws(MediaError) {
    let orientation = frame.orientation
    guard orientation != .identity else { return try convert(frame, to: image) }
    let (width, height) = orientation.displayed(width: image.width, height: image.height)
    let target = scratch(width: width, height: height)
    try convert(frame, to: target)
    orientation.turn(target, into: image)
  }

  private func scratch(width: Int, height: Int) -> RGBImage {
    if let unturned, unturned.width == width, unturned.height == height { return unturned }
    let made = RGBImage(width: width, height: height)
    unturned = made
    return made
  }

  private func convert(_ frame: VideoFrame, to image: RGBImage) throws(MediaError) {
    let raw = unsafe frame.raw
    let format = unsafe AVPixelFormat(raw.pointee.format)
    let tags = unsafe ColorTags(raw, format: format)
    let input = ImageFormat(
      width: frame.codedWidth, height: frame.codedHeight, pixelFormat: format,
      matrix: tags.effectiveMatrix(height: frame.codedHeight), isFullRange: tags.isFullRange)
    let output = ImageFormat(
      width: image.width, height: image.height, pixelFormat: AV_PIX_FMT_RGB24,
      matrix: AVCOL_SPC_SMPTE170M, isFullRange: true)
    let (data, lines) = unsafe (raw.pointee.data, raw.pointee.linesize)
    try unsafe conversion.run(
      [UnsafePointer(data.0), UnsafePointer(data.1), UnsafePointer(data.2), UnsafePointer(data.3)],
      [lines.0, lines.1, lines.2, lines.3], input,
      to: [image.pixels.baseAddress, nil, nil, nil], [Int32(image.width) * 3, 0, 0, 0], output)
  }
}

extension Orientation {
  /// Turns and mirrors `source` into `target`, whose size is the displayed one.
  func turn(_ source: RGBImage, into target: RGBImage) {
    let (width, height) = displayed(width: source.width, height: source.height)
    precondition(
      target.width == width && target.height == height,
      "\(source.width) x \(source.height) turns into \(width) x \(height)")
    let (from, to) = unsafe (source.pixels, target.pixels)
    var written = 0
    for y in 0..<height {
      let row = flipsY ? height - 1 - y : y
      for x in 0..<width {
        let column = flipsX ? width - 1 - x : x
        let read = 3 * (swapsAxes ? column * source.width + row : row * source.width + column)
        unsafe to[written] = from[read]
        unsafe to[written + 1] = from[read + 1]
        unsafe to[written + 2] = from[read + 2]
        written += 3
      }
    }
  }
}
