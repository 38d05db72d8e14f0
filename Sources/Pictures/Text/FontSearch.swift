public import Media
import Foundation
internal import Support

extension Font {
  /// Where systems usually keep a legible sans-serif font, in order of preference.
  static let usualPaths = [
    // Debian, Ubuntu
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Bold.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/freefont/FreeSansBold.ttf",
    // Fedora, Arch, Alpine
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/TTF/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/liberation-sans/LiberationSans-Bold.ttf",
    "/usr/share/fonts/google-noto/NotoSans-Bold.ttf",
    "/usr/share/fonts/noto/NotoSans-Bold.ttf",
    // macOS
    "/System/Library/Fonts/Supplemental/Arial Bold.ttf",
    "/System/Library/Fonts/Supplemental/Arial.ttf",
    "/System/Library/Fonts/Helvetica.ttc",
  ]

  /// The font for labels: the file in `STREAM_DETECT_FONT`, or else the first usual one found.
  ///
  /// - Throws: `MediaError` "font_missing" if there is none, "font_invalid" if the file isn't a
  ///   font.
  public static func system() throws(MediaError) -> Font {
    try system(named: ProcessInfo.processInfo.environment["STREAM_DETECT_FONT"], among: usualPaths)
  }

  static func system(named: String?, among paths: [String]) throws(MediaError) -> Font {
    let remedy = "Install one (apt install fonts-dejavu-core) or set STREAM_DETECT_FONT to a file."
    if let named, !named.isEmpty {
      do throws(FileError) {
        // FreeType's own calls can't be given up, so it finds what has been read.
        _ = try FileBytes.head(of: named, count: 1 << 20)
      } catch {
        guard error.code == ENOENT || error.code == ENOTDIR else {
          throw MediaError(errno: error.code, call: error.call, source: named)
        }
        throw MediaError(
          "font_missing", source: named,
          message: "The font that STREAM_DETECT_FONT names does not exist.", remedy: remedy)
      }
      return try Font(path: named)
    }
    for path in paths where FileManager.default.fileExists(atPath: path) {
      if let font = try? Font(path: path) { return font }
    }
    throw MediaError(
      "font_missing", source: "", message: "No font for labels was found.", remedy: remedy)
  }
}
