internal import Support

/// The media files that folders and patterns stand for.
enum MediaFiles {
  /// The suffixes of what FFmpeg commonly opens; other files in a folder are ignored.
  static let suffixes: Set<String> = [
    "3g2", "3gp", "asf", "avi", "divx", "dv", "f4v", "flv", "gif", "h264", "h265", "hevc", "ivf",
    "m2ts", "m2v", "m4v", "mjpeg", "mjpg", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "nut",
    "obu", "ogg", "ogm", "ogv", "qt", "rm", "rmvb", "ts", "vob", "webm", "wmv", "y4m",
    "bmp", "jpeg", "jpg", "png", "tif", "tiff", "webp",
  ]

  /// The paths of the media files in a folder, and in the folders in it if asked for.
  ///
  /// - Throws: Foundation's error if the folder or one in it can't be read.
  static func paths(in folder: String, isRecursive: Bool) throws -> [String] {
    try FolderListing.files(in: folder, suffixes: suffixes, isRecursive: isRecursive)
      .map { FolderListing.join(folder, $0) }
  }

  /// The paths of the files that match a pattern, of any suffix, in the order of their names.
  static func paths(matching pattern: GlobPattern) -> [String] {
    expand(pattern.parts[...], under: pattern.isAbsolute ? "/" : "")
  }

  private static func expand(_ parts: ArraySlice<String>, under base: String) -> [String] {
    guard let part = parts.first else { return [] }
    let rest = parts.dropFirst()
    if part == "**" {
      let deeper = ((try? FolderListing.folders(in: base)) ?? [])
        .flatMap { expand(parts, under: $0) }
      return expand(rest.isEmpty ? ["*"] : rest, under: base) + deeper
    }
    guard GlobPattern.isPattern(part) else {
      let path = FolderListing.join(base, part)
      if rest.isEmpty { return FolderListing.item(at: path) == .file ? [path] : [] }
      return expand(rest, under: path)
    }
    let matching = ((try? FolderListing.names(in: base.isEmpty ? "." : base)) ?? [])
      .filter { GlobPattern.matches(part, $0) }.map { FolderListing.join(base, $0) }
    if rest.isEmpty { return matching.filter { FolderListing.item(at: $0) == .file } }
    return matching.filter { FolderListing.item(at: $0) == .folder }
      .flatMap { expand(rest, under: $0) }
  }
}
