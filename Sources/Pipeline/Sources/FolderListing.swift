internal import Foundation

/// Lists folders in an order that doesn't depend on the file system.
enum FolderListing {
  /// Suffixes of what FFmpeg commonly opens; other files in a folder are ignored.
  static let mediaExtensions: Set<String> = [
    "3g2", "3gp", "asf", "avi", "divx", "dv", "f4v", "flv", "gif", "h264", "h265", "hevc", "ivf",
    "m2ts", "m2v", "m4v", "mjpeg", "mjpg", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "nut",
    "obu", "ogg", "ogm", "ogv", "qt", "rm", "rmvb", "ts", "vob", "webm", "wmv", "y4m",
    "bmp", "jpeg", "jpg", "png", "tif", "tiff", "webp",
  ]

  enum Item { case file, folder, missing }

  static func item(at path: String) -> Item {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return .missing
    }
    return isFolder.boolValue ? .folder : .file
  }

  /// The names in a folder, sorted by their UTF-8 bytes.
  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }

  /// The media files in a folder: first its own, then those of its subfolders if `isRecursive`.
  ///
  /// Ignores names that begin with a dot, and doesn't follow links to folders, which could lead in a
  /// circle.
  static func media(in folder: String, isRecursive: Bool) throws -> [String] {
    var files: [String] = []
    var folders: [String] = []
    for name in try names(in: folder) where !name.hasPrefix(".") {
      let path = join(folder, name)
      switch item(at: path) {
      case .file: if isMedia(name) { files.append(path) }
      case .folder: if isRecursive && !isLink(path) { folders.append(path) }
      case .missing: break
      }
    }
    return try files + folders.flatMap { try media(in: $0, isRecursive: true) }
  }

  /// The files that match a pattern, in the order of their names.
  static func files(matching pattern: GlobPattern) -> [String] {
    expand(pattern.parts[...], under: pattern.isAbsolute ? "/" : "")
  }

  private static func expand(_ parts: ArraySlice<String>, under base: String) -> [String] {
    guard let part = parts.first else { return [] }
    let rest = parts.dropFirst()
    if part == "**" {
      let deeper = folders(in: base).flatMap { expand(parts, under: $0) }
      return expand(rest.isEmpty ? ["*"] : rest, under: base) + deeper
    }
    guard GlobPattern.isPattern(part) else {
      let path = join(base, part)
      if rest.isEmpty { return item(at: path) == .file ? [path] : [] }
      return expand(rest, under: path)
    }
    let matching = ((try? names(in: base.isEmpty ? "." : base)) ?? [])
      .filter { GlobPattern.matches(part, $0) }.map { join(base, $0) }
    if rest.isEmpty { return matching.filter { item(at: $0) == .file } }
    return matching.filter { item(at: $0) == .folder }.flatMap { expand(rest, under: $0) }
  }

  private static func folders(in base: String) -> [String] {
    ((try? names(in: base.isEmpty ? "." : base)) ?? [])
      .filter { !$0.hasPrefix(".") }.map { join(base, $0) }
      .filter { item(at: $0) == .folder && !isLink($0) }
  }

  private static func join(_ base: String, _ name: String) -> String {
    base.isEmpty || base.hasSuffix("/") ? base + name : base + "/" + name
  }

  private static func isMedia(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return mediaExtensions.contains(name[name.index(after: dot)...].lowercased())
  }

  private static func isLink(_ path: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
  }
}
