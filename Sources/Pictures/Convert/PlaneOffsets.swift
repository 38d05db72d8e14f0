internal import Geometry
import CFFmpeg

/// Where a region of a frame starts in each of its planes, for any pixel format.
struct PlaneOffsets {
  private let format: AVPixelFormat
  /// A region can start only at multiples of these, which split no chroma sample and no byte.
  let columnStep: Int
  let rowStep: Int
  private let chromaRowShift: Int
  private let hasPalette: Bool

  /// - Returns: `nil` if FFmpeg has no description of the format.
  init?(_ format: AVPixelFormat) {
    guard let description = unsafe av_pix_fmt_desc_get(format) else { return nil }
    let flags = unsafe Int32(truncatingIfNeeded: description.pointee.flags)
    self.format = format
    chromaRowShift = unsafe Int(description.pointee.log2_chroma_h)
    hasPalette = flags & AV_PIX_FMT_FLAG_PAL != 0
    // A Bayer mosaic repeats every two pixels, and eight one-bit pixels share a byte.
    let isBayer = flags & AV_PIX_FMT_FLAG_BAYER != 0
    let isBits = flags & AV_PIX_FMT_FLAG_BITSTREAM != 0
    columnStep = max(
      1 << (unsafe Int(description.pointee.log2_chroma_w)), isBayer ? 2 : isBits ? 8 : 1)
    rowStep = max(1 << chromaRowShift, isBayer ? 2 : 1)
  }

  /// The smallest region that contains `region` and starts at multiples of the steps.
  func grown(_ region: PixelRegion) -> PixelRegion {
    let (left, top) = (region.x % columnStep, region.y % rowStep)
    return PixelRegion(
      x: region.x - left, y: region.y - top, width: region.width + left,
      height: region.height + top)
  }

  /// The offset in bytes of the pixel at `x` and `y`, multiples of the steps, in a plane.
  func bytes(plane: Int, x: Int, y: Int, stride: Int32) -> Int {
    // The other plane is the palette, which has no rows.
    if hasPalette, plane > 0 { return 0 }
    let row = plane == 1 || plane == 2 ? y >> chromaRowShift : y
    return Int(av_image_get_linesize(format, Int32(x), Int32(plane))) + row * Int(stride)
  }
}
