package import CFFmpeg

/// How to interpret a picture's samples: range and matrix, plus the primaries and transfer
/// function that encoders write as tags.
package struct ColorTags: Hashable {
  package var range = AVCOL_RANGE_UNSPECIFIED
  package var matrix = AVCOL_SPC_UNSPECIFIED
  package var primaries = AVCOL_PRI_UNSPECIFIED
  package var transfer = AVCOL_TRC_UNSPECIFIED

  /// Creates tags that specify nothing.
  package init() {}

  /// Whether luma uses 0...255 rather than 16...235.
  package var isFullRange: Bool { range == AVCOL_RANGE_JPEG }

  /// The matrix that players use for a picture of `height` lines: the tagged one if there is one,
  /// otherwise that of standard or high definition.
  package func effectiveMatrix(height: Int) -> AVColorSpace {
    switch matrix {
    case AVCOL_SPC_UNSPECIFIED, AVCOL_SPC_RGB, AVCOL_SPC_RESERVED:
      height > 576 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M
    default: matrix
    }
  }

  /// These tags for a picture of `height` lines, turned or cut out of one of `codedHeight`.
  ///
  /// An untagged matrix follows from the height of what was coded. Where the new height would say
  /// something else, the matrix is tagged.
  package func kept(from codedHeight: Int, to height: Int) -> ColorTags {
    var kept = self
    let own = effectiveMatrix(height: codedHeight)
    if effectiveMatrix(height: height) != own { kept.matrix = own }
    return kept
  }
}

extension ColorTags {
  /// The tags of `frame`, with what its pixel format implies.
  package init(_ frame: UnsafeMutablePointer<AVFrame>, format: AVPixelFormat) {
    range = unsafe frame.pointee.color_range
    matrix = unsafe frame.pointee.colorspace
    primaries = unsafe frame.pointee.color_primaries
    transfer = unsafe frame.pointee.color_trc
    guard let description = unsafe av_pix_fmt_desc_get(format) else { return }
    let flags = unsafe Int32(truncatingIfNeeded: description.pointee.flags)
    if flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0 {
      range = AVCOL_RANGE_MPEG
      matrix = effectiveMatrix(height: unsafe Int(frame.pointee.height))
    } else if unsafe description.pointee.nb_components < 3 {
      // libswscale treats every grey format as full range.
      range = AVCOL_RANGE_JPEG
    } else if Self.fullRangeFormats.contains(format) {
      range = AVCOL_RANGE_JPEG
    }
  }

  private static let fullRangeFormats = [
    AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P,
    AV_PIX_FMT_YUVJ411P,
  ]
}
