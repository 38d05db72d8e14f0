import CFFmpeg

/// Where the three planes of a 4:2:0 picture are in its memory.
///
/// There is room to make an odd width or height even, so a picture can be padded for an encoder
/// without a copy.
package struct PictureLayout: Hashable {
  package enum Plane: Int, CaseIterable {
    case luma, blueDifference, redDifference
  }

  package let width: Int
  package let height: Int
  package let lumaStride: Int

  /// Creates the layout of a picture of this size.
  ///
  /// - Throws: `MediaError` "invalid_size" if no picture can have this size.
  package init(width: Int, height: Int) throws(MediaError) {
    guard width > 0, height > 0, let w = UInt32(exactly: width), let h = UInt32(exactly: height),
      av_image_check_size(w, h, 0, nil) >= 0
    else {
      throw MediaError(
        "invalid_size", source: "", message: "A picture cannot have \(width) x \(height) pixels.",
        remedy: "Check the source with `stream-detect probe`.")
    }
    self.width = width
    self.height = height
    // Whole cache lines, for libswscale's vector code.
    lumaStride = (width + 1 + 63) / 64 * 64
  }

  package var evenWidth: Int { (width + 1) & ~1 }
  package var evenHeight: Int { (height + 1) & ~1 }

  /// Bytes of all planes, plus 64 because libswscale reads and writes a vector past the end.
  package var byteCount: Int { (lumaStride + chromaStride) * evenHeight + 64 }

  package func width(of plane: Plane) -> Int { plane == .luma ? width : evenWidth / 2 }

  package func height(of plane: Plane) -> Int { plane == .luma ? height : evenHeight / 2 }

  package func stride(of plane: Plane) -> Int { plane == .luma ? lumaStride : chromaStride }

  private var chromaStride: Int { (lumaStride / 2 + 63) / 64 * 64 }

  /// The offset of a plane in the memory, in bytes.
  package func offset(of plane: Plane) -> Int {
    let luma = lumaStride * evenHeight
    return switch plane {
    case .luma: 0
    case .blueDifference: luma
    case .redDifference: luma + chromaStride * evenHeight / 2
    }
  }
}

/// The planes of a picture as FFmpeg's functions take them.
@unsafe
package struct PlanePointers {
  package var base: UnsafeMutablePointer<UInt8>
  package var layout: PictureLayout

  package subscript(plane: PictureLayout.Plane) -> UnsafeMutablePointer<UInt8> {
    unsafe base + layout.offset(of: plane)
  }
}
