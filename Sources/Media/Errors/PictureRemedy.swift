/// What to do about pictures that FFmpeg can't read.
package enum PictureRemedy {
  /// HEIF pictures, with an FFmpeg before 7.
  package static let heic = "Use FFmpeg 7 or later. Or convert" + conversion

  /// HEIF pictures that even a later one can't read.
  static let convertHEIC = "Convert" + conversion

  private static let conversion =
    " it first, with 'heif-convert X.heic X.jpg' of libheif, say."

  /// TIFF files whose layout FFmpeg takes for another.
  static let tiff =
    "Convert it, with 'magick X.tif X.png' of ImageMagick, say."

  /// Animated WebP.
  static let animatedWebP =
    "Convert it, with 'magick X.webp X.gif' of ImageMagick, say."
}
