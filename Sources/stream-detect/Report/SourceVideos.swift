internal import Output
internal import Report
internal import Support

/// Which local file shows which source.
struct SourceVideos {
  /// The files that were named, and those that the lines name.
  private var paths: [Int: String] = [:]

  /// Matches the files of `--video`, and finds those of other sources where their lines say, as
  /// seen from the working folder or from that of the results.
  ///
  /// - Throws: `ProgramError` for a file that belongs to no source.
  init(
    _ digest: RunDigest, named files: [String], results: [String], looksForOthers: Bool
  ) throws {
    let videos = digest.sources.indices.filter { digest.sources[$0].pictures == nil }
    for file in files {
      let index =
        videos.count == 1 && files.count == 1
        ? videos[0] : Self.source(of: file, among: videos, digest, taken: Set(paths.keys))
      guard let index else {
        let names = videos.prefix(5).map { printable(digest.sources[$0].name) }
        throw ProgramError(
          .usage, "--video \(file)", "no source of the results has this name",
          remedy: videos.isEmpty
            ? "There is no video among the sources; leave it out"
            : "The sources are: \(names.joined(separator: ", "))")
      }
      paths[index] = file
    }
    guard looksForOthers else { return }
    for index in videos where paths[index] == nil {
      let source = digest.sources[index]
      guard source.kind == "file", let uri = source.uri, results.indices.contains(source.file)
      else { continue }
      paths[index] = Self.file(of: uri, beside: results[source.file])
    }
  }

  /// The files, with the places of their sources.
  var all: [(index: Int, path: String)] {
    paths.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func source(
    of file: String, among videos: [Int], _ digest: RunDigest, taken: Set<Int>
  ) -> Int? {
    let free = videos.filter { !taken.contains($0) }
    return free.first { digest.sources[$0].name == file || digest.sources[$0].uri == file }
      ?? free.first {
        PathText.name(of: digest.sources[$0].uri ?? digest.sources[$0].name)
          == PathText.name(of: file)
      }
  }

  private static func file(of uri: String, beside results: String) -> String? {
    guard let path = FileAddress.path(of: uri) ?? (uri.contains("://") ? nil : uri) else {
      return nil
    }
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    let folder = results == "-" ? "" : PathText.parent(of: results)
    return [path, isAbsolute ? path : PathText.join(folder, path)].first {
      FileIdentity(path: $0) != nil
    }
  }
}

/// The address of `file` for a page at `page`, relative to it.
func relativeAddress(of file: String, from page: String) -> String {
  let folder =
    isRegularOutput(page) ? resolvedPath(PathText.folder(above: page)) : resolvedPath(".")
  let from = PathText.components(of: folder)
  let to = PathText.components(of: resolvedPath(file))
  let common = zip(from, to).prefix { $0 == $1 }.count
  let steps = [String](repeating: "..", count: from.count - common) + to.dropFirst(common)
  return steps.map(addressed).joined(separator: "/")
}

/// A name as part of an address: all but letters, digits and `-._~` as `%41`.
private func addressed(_ name: String) -> String {
  FileName.bytes(name).map { byte in
    let character = Character(UnicodeScalar(byte))
    let isPlain =
      byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
    return isPlain ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }.joined()
}
