internal import Support

/// The media files that folders and patterns stand for.
enum MediaFiles {
  /// What a folder offers.
  struct Contents {
    /// Files to read, and folders that can't be read, which fail as sources when they are opened.
    var paths: [String] = []
    /// What isn't read.
    var passedOver = PassedOver()
  }

  /// The media files in a folder, and in the folders in it if asked for.
  ///
  /// Whether a file is one is decided by `MediaSuffix`, for a name without a suffix by its first
  /// bytes. A broken link counts as the file that it ought to be: opening it says what is wrong.
  static func contents(of folder: String, isRecursive: Bool) -> Contents {
    var contents = Contents()
    let walk: FolderWalk
    do throws(FileError) {
      walk = try FolderWalk(folder, isRecursive: isRecursive)
    } catch {
      return Contents(paths: [folder])
    }
    for entry in walk.entries {
      let path = PathText.join(folder, entry.path)
      switch entry.kind {
      case .unreadable: contents.paths.append(path)
      case .folder: contents.passedOver.folders += 1
      case .file where MediaSuffix.isMedia(path), .missing where MediaSuffix.isListed(path):
        contents.paths.append(path)
      case .file, .missing, .special:
        contents.passedOver.add(suffix: PathText.suffix(of: path))
      }
    }
    return contents
  }

  /// The paths of the files that match a pattern, of any suffix, in the order of their names.
  static func paths(matching pattern: GlobPattern) -> [String] {
    expand(pattern.parts[...], under: pattern.isAbsolute ? "/" : "")
  }

  private static func expand(_ parts: ArraySlice<String>, under base: String) -> [String] {
    guard let part = parts.first else { return [] }
    let rest = parts.dropFirst()
    if part == "**" {
      guard let folders = try? FolderListing.folders(in: base) else { return unreadable(base) }
      let deeper = folders.flatMap { expand(parts, under: $0) }
      return expand(rest.isEmpty ? ["*"] : rest, under: base) + deeper
    }
    guard GlobPattern.isPattern(part) else {
      let path = PathText.join(base, part)
      if rest.isEmpty { return isFile(path) ? [path] : [] }
      return expand(rest, under: path)
    }
    guard let names = try? FolderListing.names(in: base.isEmpty ? "." : base) else {
      return unreadable(base)
    }
    let matching = names.filter { GlobPattern.matches(part, $0) }.map {
      PathText.join(base, $0)
    }
    if rest.isEmpty { return matching.filter(isFile) }
    return matching.filter { [.folder, .unanswered].contains(FolderListing.item(at: $0)) }
      .flatMap { expand(rest, under: $0) }
  }

  /// A folder that can't be looked into is a source that fails, not one without files.
  private static func unreadable(_ folder: String) -> [String] {
    [.folder, .unanswered].contains(FolderListing.item(at: folder)) ? [folder] : []
  }

  /// Whether opening it is worth a try: on a drive that doesn't answer, that says so.
  private static func isFile(_ path: String) -> Bool {
    [.file, .special, .unanswered].contains(FolderListing.item(at: path))
  }
}
