internal import Media
import CFFmpeg

/// What libswscale needs to know about the input or the output of a conversion.
struct ImageFormat: Hashable {
  var width: Int
  var height: Int
  var pixelFormat: AVPixelFormat
  var matrix: AVColorSpace
  var isFullRange: Bool
}

/// Converts images between pixel formats, sizes, ranges and matrices, with libswscale or, where it
/// applies, the faster `PlaneConversion`.
///
/// Prepares again only when one of the two formats changes. Use it from one thread at a time.
@safe
final class ImageConversion {
  private let allowsShortcut: Bool
  private var context: OpaquePointer?
  /// Used instead of `context` if it supports the formats.
  private var shortcut: PlaneConversion?
  private var formats: (input: ImageFormat, output: ImageFormat)?

  /// Without `allowsShortcut`, libswscale does every conversion.
  init(allowsShortcut: Bool = true) { self.allowsShortcut = allowsShortcut }

  deinit { unsafe sws_freeContext(context) }

  /// Whether the last conversion was done without libswscale.
  var isShortcut: Bool { shortcut != nil }

  /// Converts the image at `planes`, four pointers, into the image at `outputPlanes`.
  ///
  /// - Throws: `MediaError` "unsupported_pixel_format" if libswscale cannot convert it.
  func run(
    _ planes: UnsafePointer<UnsafePointer<UInt8>?>, _ strides: UnsafePointer<Int32>,
    _ format: ImageFormat, to outputPlanes: UnsafePointer<UnsafeMutablePointer<UInt8>?>,
    _ outputStrides: UnsafePointer<Int32>, _ outputFormat: ImageFormat
  ) throws(MediaError) {
    if formats?.input != format || formats?.output != outputFormat {
      try prepare(format, outputFormat)
    }
    if let shortcut, let pixels = unsafe outputPlanes[0] {
      return unsafe shortcut.run(planes, strides, to: pixels, stride: Int(outputStrides[0]))
    }
    let lines = unsafe sws_scale(
      context, planes, strides, 0, Int32(format.height), outputPlanes, outputStrides)
    try check(lines, "sws_scale", source: "")
  }

  private func prepare(_ input: ImageFormat, _ output: ImageFormat) throws(MediaError) {
    formats = nil
    shortcut = allowsShortcut ? PlaneConversion(input, output) : nil
    if shortcut == nil { try prepareContext(input, output) }
    formats = (input, output)
  }

  private func prepareContext(_ input: ImageFormat, _ output: ImageFormat) throws(MediaError) {
    unsafe sws_freeContext(context)
    unsafe context = unsafe sws_alloc_context()
    guard let made = unsafe context else {
      throw MediaError(FFmpegError.noMemory("sws_alloc_context"), source: "")
    }
    let isScaled = input.width != output.width || input.height != output.height
    let flags =
      (isScaled ? SD_SWS_SHRINK : SWS_BICUBIC) | SWS_ACCURATE_RND
    // The ranges must be set first: `sws_init_context` might choose a path that ignores them.
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
        message: "Pixel format \(pixelFormatName(input.pixelFormat)) cannot be converted.",
        remedy: "Convert the source to yuv420p first.")
    }
    unsafe sws_setColorspaceDetails(
      made, sws_getCoefficients(Int32(input.matrix.rawValue)), input.isFullRange ? 1 : 0,
      sws_getCoefficients(Int32(output.matrix.rawValue)), output.isFullRange ? 1 : 0,
      0, 1 << 16, 1 << 16)
  }
}

extension Picture {
  /// What libswscale needs to know about this picture.
  var imageFormat: ImageFormat {
    ImageFormat(
      width: width, height: height, pixelFormat: AV_PIX_FMT_YUV420P,
      matrix: tags.effectiveMatrix(height: height), isFullRange: tags.isFullRange)
  }

  /// The strides of the three planes, in bytes.
  var strides: [Int32] { PictureLayout.Plane.allCases.map { Int32(layout.stride(of: $0)) } }
}
