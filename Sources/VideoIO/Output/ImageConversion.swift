import CFFmpeg

/// What libswscale has to know about one side of a conversion.
struct ImageFormat: Hashable {
  var width: Int
  var height: Int
  var pixelFormat: AVPixelFormat
  var matrix: AVColorSpace
  var isFullRange: Bool
}

/// Converts images between pixel formats, sizes, ranges and matrices.
///
/// Keeps libswscale's context until one of the two formats changes. For one thread at a time.
@safe
final class ImageConversion {
  private var context: OpaquePointer?
  private var formats: [ImageFormat] = []

  deinit { unsafe sws_freeContext(context) }

  /// Converts the image at `planes` into that at `outputPlanes`.
  ///
  /// - Throws: `MediaError` "unsupported_pixel_format" where libswscale cannot.
  func run(
    _ planes: [UnsafePointer<UInt8>?], _ strides: [Int32], _ format: ImageFormat,
    to outputPlanes: [UnsafeMutablePointer<UInt8>?], _ outputStrides: [Int32],
    _ outputFormat: ImageFormat
  ) throws(MediaError) {
    if unsafe formats != [format, outputFormat] || context == nil {
      try prepare(format, outputFormat)
    }
    let lines = unsafe sws_scale(
      context, planes, strides, 0, Int32(format.height), outputPlanes, outputStrides)
    try check(lines, "sws_scale", source: "")
  }

  private func prepare(_ input: ImageFormat, _ output: ImageFormat) throws(MediaError) {
    unsafe sws_freeContext(context)
    unsafe context = unsafe sws_alloc_context()
    formats = [input, output]
    guard let made = unsafe context else { fatalError("sws_alloc_context: no memory") }
    let isScaled = input.width != output.width || input.height != output.height
    let flags =
      (isScaled ? SD_SWS_SHRINK : SWS_BICUBIC) | SWS_ACCURATE_RND
    // Ranges must be known before `sws_init_context` chooses a path that ignores them.
    for (name, value) in [
      ("srcw", input.width), ("srch", input.height),
      ("src_format", Int(input.pixelFormat.rawValue)), ("src_range", input.isFullRange ? 1 : 0),
      ("dstw", output.width), ("dsth", output.height),
      ("dst_format", Int(output.pixelFormat.rawValue)), ("dst_range", output.isFullRange ? 1 : 0),
      ("sws_flags", Int(flags)),
    ] {
      unsafe av_opt_set_int(UnsafeMutableRawPointer(made), name, Int64(value), 0)
    }
    guard sws_isSupportedInput(input.pixelFormat) > 0, unsafe sws_init_context(made, nil, nil) >= 0
    else {
      unsafe sws_freeContext(made)
      unsafe context = nil
      throw MediaError(
        .unsupportedPixelFormat, source: "",
        message: "Frames of format \(pixelFormatName(input.pixelFormat)) cannot be converted.",
        remedy: "Convert the source to yuv420p first.")
    }
    unsafe sws_setColorspaceDetails(
      made, sws_getCoefficients(Int32(input.matrix.rawValue)), input.isFullRange ? 1 : 0,
      sws_getCoefficients(Int32(output.matrix.rawValue)), output.isFullRange ? 1 : 0,
      0, 1 << 16, 1 << 16)
  }
}

extension Picture {
  /// What libswscale has to know about this picture.
  var imageFormat: ImageFormat {
    ImageFormat(
      width: width, height: height, pixelFormat: AV_PIX_FMT_YUV420P,
      matrix: tags.effectiveMatrix(height: height), isFullRange: tags.isFullRange)
  }

  /// Bytes from line to line of the three planes.
  var strides: [Int32] { PictureLayout.Plane.allCases.map { Int32(layout.stride(of: $0)) } }
}
