#if canImport(CoreVideo)
public import CoreVideo
internal import Foundation

extension Picture {
  /// Copies a picture from a pixel buffer, as cameras and decoders on Apple's systems give it.
  ///
  /// Takes 32-bit BGRA, 24-bit RGB, and 8-bit 4:2:0 in two or three planes.
  ///
  /// - Throws: ``StreamDetectError/media(_:)`` with the code `unsupported_pixel_format` for another
  ///   format, or as for pixels in memory.
  public init(_ buffer: CVPixelBuffer) throws(StreamDetectError) {
    let (format, isFullRange) = try Self.format(of: buffer)
    guard CVPixelBufferLockBaseAddress(buffer, .readOnly) == kCVReturnSuccess else {
      throw .media(
        MediaFailure(
          .permission, source: "memory", message: "The pixel buffer cannot be read.",
          remedy: "Check that its memory is reachable by the processor."))
    }
    defer { CVPixelBufferUnlockBaseAddress(buffer, .readOnly) }
    let isPlanar = CVPixelBufferIsPlanar(buffer)
    let count = isPlanar ? CVPixelBufferGetPlaneCount(buffer) : 1
    var planes: [Data] = []
    var strides: [Int] = []
    for plane in 0..<count {
      let stride =
        isPlanar
        ? CVPixelBufferGetBytesPerRowOfPlane(buffer, plane) : CVPixelBufferGetBytesPerRow(buffer)
      let rows =
        isPlanar ? CVPixelBufferGetHeightOfPlane(buffer, plane) : CVPixelBufferGetHeight(buffer)
      let base =
        unsafe isPlanar
        ? CVPixelBufferGetBaseAddressOfPlane(buffer, plane) : CVPixelBufferGetBaseAddress(buffer)
      guard let base = unsafe base else { continue }
      planes.append(unsafe Data(bytes: base, count: stride * rows))
      strides.append(stride)
    }
    try self.init(
      planes: planes, format: format, width: CVPixelBufferGetWidth(buffer),
      height: CVPixelBufferGetHeight(buffer), bytesPerRow: strides, isFullRange: isFullRange)
  }

  private static func format(
    of buffer: CVPixelBuffer
  ) throws(StreamDetectError) -> (PixelFormat, isFullRange: Bool) {
    switch CVPixelBufferGetPixelFormatType(buffer) {
    case kCVPixelFormatType_32BGRA: return (.bgra, true)
    case kCVPixelFormatType_24RGB: return (.rgb, true)
    case kCVPixelFormatType_420YpCbCr8BiPlanarFullRange: return (.nv12, true)
    case kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange: return (.nv12, false)
    case kCVPixelFormatType_420YpCbCr8PlanarFullRange: return (.i420, true)
    case kCVPixelFormatType_420YpCbCr8Planar: return (.i420, false)
    default:
      throw .media(
        MediaFailure(
          MediaFailure.Code(rawValue: "unsupported_pixel_format"), source: "memory",
          message: "Pixel buffers of this format cannot be read.",
          remedy: "Ask for 32-bit BGRA or 8-bit 4:2:0."))
    }
  }
}
#endif
