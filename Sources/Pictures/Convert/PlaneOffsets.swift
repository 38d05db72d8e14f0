internal import Geometry
import CFFmpeg

/// Where a part of a frame begins in each of its planes, for any pixel format.
struct PlaneOffsets {
  private let format: AVPixelFormat
  /// Columns and rows in steps of which a part can begin: chroma samples and bytes are not split.
  let columnStep: Int
  let rowStep: Int
  private let chromaRowShift: Int
  private let hasPalette: Bool

  /// - Returns: `nil` for a format that FFmpeg does not describe.
  init?(_ format: AVPixelFormat) {
    guard let description = unsafe av_pix_fmt_desc_get(format) else { return nil }
    let flags = unsafe Int32(truncatingIfNeeded: description.pointee.flags)
    self.format = format
    chromaRowShift = unsafe Int(description.pointee.log2_chroma_h)
    hasPalette = flags & AV_PIX_FMT_FLAG_PAL != 0
    // A Bayer mosaic repeats every two pixels, and eight pixels of one bit make a byte.
    let isBayer = flags & AV_PIX_FMT_FLAG_BAYER != 0
    let isBits = flags & AV_PIX_FMT_FLAG_BITSTREAM != 0
    columnStep = max(
      1 << (unsafe Int(description.pointee.log2_chroma_w)), isBayer ? 2 : isBits ? 8 : 1)
    rowStep = max(1 << chromaRowShift, isBayer ? 2 : 1)
  }

  /// The smallest part around `region` that begins on whole steps.
  func grown(_ region: PixelRegion) -> PixelRegion {
    let (left, top) = (region.x % columnStep, region.y % rowStep)
    return PixelRegion(
      x: region.x - left, y: region.y - top, width: region.width + left,
      height: region.height + top)
  }

  /// Bytes from the start of a plane to the pixel at `x` and `y`, which lie on whole steps.
  func bytes(plane: Int, x: Int, y: Int, stride: Int32) -> Int {
    // The palette is no picture.
    if hasPalette, plane > 0 { return 0 }
    let row = plane == 1 || plane == 2 ? y >> chromaRowShift : y
    return Int(av_image_get_linesize(format, Int32(x), Int32(plane))) + row * Int(stride)
  }
}
