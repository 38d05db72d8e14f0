/// What to do about pictures that FFmpeg can't read.
package enum PictureRemedy {
  /// HEIF pictures, with an FFmpeg before 7.
  package static let heic = "Use FFmpeg 7 or later. Or convert" + conversion

  /// HEIF pictures that even a later one can't read.
  static let convertHEIC = "Convert" + conversion

  private static let conversion =
    " it first, for example with libheif's 'heif-convert X.heic X.jpg'."

  /// TIFF files whose layout FFmpeg takes for another.
  static let tiff =
    "Convert it, for example with ImageMagick's 'magick X.tif X.png'."

  /// Animated WebP.
  static let animatedWebP =
    "Convert it, for example with ImageMagick's 'magick X.webp X.gif'."
}
