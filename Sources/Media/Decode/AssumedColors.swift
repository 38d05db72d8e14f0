import CFFmpeg

/// Tags a frame with the colours that its codec always has but doesn't tag.
///
/// VP8, and so WebP, uses the BT.601 matrix (RFC 6386, 9.2). So does TIFF, which has the full range
/// as well (TIFF 6.0, section 21).
func assumeColors(of frame: UnsafeMutablePointer<AVFrame>, codec: String) {
  let isTIFF = unsafe codec == "tiff" && isYUV(frame)
  if isTIFF, unsafe frame.pointee.color_range == AVCOL_RANGE_UNSPECIFIED {
    unsafe frame.pointee.color_range = AVCOL_RANGE_JPEG
  }
  guard isTIFF || ["webp", "vp8"].contains(codec),
    unsafe frame.pointee.colorspace == AVCOL_SPC_UNSPECIFIED
  else { return }
  unsafe frame.pointee.colorspace = AVCOL_SPC_BT470BG
}

private func isYUV(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
  guard let format = unsafe av_pix_fmt_desc_get(AVPixelFormat(frame.pointee.format)) else {
    return false
  }
  return unsafe format.pointee.flags & UInt64(AV_PIX_FMT_FLAG_RGB) == 0
    && format.pointee.nb_components >= 3
}
