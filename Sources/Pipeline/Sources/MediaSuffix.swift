internal import Foundation
internal import Media
internal import Support

/// Which files in a folder are media, by their suffixes.
///
/// The list has what FFmpeg's demuxers name as theirs and what is used for them elsewhere, if it
/// carries pictures. It leaves out sound, subtitles, playlists (they stand for files elsewhere),
/// scripts, and raw pixels, whose size no file tells.
enum MediaSuffix {
  /// Containers.
  private static let containers: Set<String> = [
    "3g2", "3gp", "3gp2", "3gpp", "amv", "asf", "avi", "cdg", "divx", "dv", "dif", "dav", "evo",
    "f4v", "flv", "flc", "fli", "gxf", "ismv", "k3g", "lvf", "lxf", "m2t", "m2ts",
    "m4v", "mj2", "mk3d", "mkv", "mod", "mov", "moov", "mp4", "mp4v", "mpe", "mpeg", "mpg",
    "mqv", "mts", "mv", "mxf", "mxg", "nsv", "nut", "nuv", "ogm", "ogv", "ogx", "ps", "qt", "r3d",
    "rm", "rmvb", "rv", "roq", "smk", "swf", "tod", "tp", "trp", "ts", "ty", "ty+", "viv", "vob",
    "vro", "webm", "wm", "wmv", "wtv", "xmv", "y4m", "yop",
  ]

  /// Streams without a container.
  private static let streams: Set<String> = [
    "264", "265", "266", "26l", "apv", "av1", "avc", "avs2", "avs3", "cavs", "dnxhd", "dnxhr",
    "drc",
    "evc", "h261", "h263", "h264", "h265", "h266", "h26l", "hevc", "ivf", "j2c", "jpv", "m1v",
    "m2v", "mjpeg", "mjpg", "mpo", "mpv", "mvi", "obu", "rcv", "vc1", "vc2", "vvc",
  ]

  /// Still pictures and animations.
  private static let pictures: Set<String> = [
    "apng", "avif", "avifs", "bmp", "dds", "dib", "dng", "dpx", "exr", "gif", "hdr", "im1", "im24",
    "im8", "j2k", "jfif", "jif", "jls", "jp2", "jpc", "jpe", "jpeg", "jpf", "jpg", "jpm", "jps",
    "jpx", "jxl", "pam", "pbm", "pcd", "pct", "pcx", "pfm", "pgm", "pgmyuv", "pgx", "phm", "pic",
    "pict", "pix", "png", "pnm", "pns", "ppm", "psd", "ptx", "qoi", "ras", "rs", "sgi", "sun",
    "sunras", "tga", "tif", "tiff", "webp", "xbm", "xpm", "xwd",
  ]

  /// HEIF pictures: stored as tiles, which FFmpeg reads since version 7.
  static let needsTiles: Set<String> = ["heic", "heics", "heif", "heifs", "hif"]

  /// Suffixes that text files have as well: TypeScript, PostScript, sources, notes.
  private static let ambiguous: Set<String> = ["ts", "mts", "mod", "ps", "pic", "hdr", "rs", "mv"]

  /// Suffixes of anything, where only the first bytes tell.
  private static let meaningless: Set<String> = ["", "bin", "dat"]

  /// Whether a file with this path is taken for media by its suffix.
  static func isListed(_ path: String) -> Bool {
    let suffix = PathText.suffix(of: path)
    return containers.contains(suffix) || streams.contains(suffix) || pictures.contains(suffix)
      || needsTiles.contains(suffix) && PictureSupport.readsHEIF
  }

  /// Whether the file at `path` is taken for media, by its suffix, or by its first bytes if that
  /// says little.
  static func isMedia(_ path: String) -> Bool {
    let suffix = PathText.suffix(of: path)
    if meaningless.contains(suffix) { return MediaSignature(head(of: path)) != nil }
    guard isListed(path) else { return false }
    return !(ambiguous.contains(suffix) && isText(head(of: path)))
  }

  private static func head(of path: String) -> [UInt8] {
    (try? FileBytes.head(of: path, count: 1024)) ?? []
  }

  /// Whether bytes are those of a text, which no medium begins with.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
  }
}
