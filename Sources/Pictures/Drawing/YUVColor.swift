internal import CFFmpeg
internal import Media

/// A colour in a picture's own range and matrix.
struct YUVColor: Hashable {
  var luma: UInt8
  var blueDifference: UInt8
  var redDifference: UInt8

  /// Converts `color` (ITU-T H.273, equations 34 to 47) for a picture with `tags`.
  init(_ color: Color, tags: ColorTags, height: Int) {
    let (kr, kb) = Self.coefficients(tags.effectiveMatrix(height: height))
    let (r, g, b) = (Double(color.red), Double(color.green), Double(color.blue))
    let y = kr * r + (1 - kr - kb) * g + kb * b
    let u = (b - y) / (2 * (1 - kb))
    let v = (r - y) / (2 * (1 - kr))
    let full = tags.isFullRange
    luma = Self.rounded(full ? y : 16 + y * 219 / 255)
    blueDifference = Self.rounded(128 + (full ? u : u * 224 / 255))
    redDifference = Self.rounded(128 + (full ? v : v * 224 / 255))
  }

  /// The weights of red and blue in luma.
  private static func coefficients(_ matrix: AVColorSpace) -> (red: Double, blue: Double) {
    switch matrix {
    case AVCOL_SPC_BT709: (0.2126, 0.0722)
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: (0.2627, 0.0593)
    case AVCOL_SPC_SMPTE240M: (0.212, 0.087)
    case AVCOL_SPC_FCC: (0.30, 0.11)
    default: (0.299, 0.114)
    }
  }

  private static func rounded(_ value: Double) -> UInt8 {
    UInt8(min(max(value.rounded(), 0), 255))
  }
}

extension YUVColor {
  /// The value for a plane.
  subscript(plane: PictureLayout.Plane) -> UInt8 {
    switch plane {
    case .luma: luma
    case .blueDifference: blueDifference
    case .redDifference: redDifference
    }
  }
}
