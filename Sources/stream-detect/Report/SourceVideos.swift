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
  /// - Throws: `ProgramError` for a file that belongs to no source, or is none.
  init(_ digest: RunDigest, named files: [String], results: [String]) throws {
    let videos = digest.sources.indices.filter { digest.sources[$0].pictures == nil }
    for file in files {
      guard (try? FileStatus(file))?.kind != .special else {
        throw ProgramError(
          .usage, "--video \(file)", "it is no regular file, and a page can play only those",
          remedy: "Store the video in a file")
      }
      let free = videos.filter { paths[$0] == nil }
      let matches =
        videos.count == 1 && files.count == 1
        ? videos : Self.sources(of: file, among: free, in: digest)
      guard !matches.isEmpty else {
        let names = videos.prefix(5).map { printable(digest.sources[$0].name) }
        throw ProgramError(
          .usage, "--video \(file)", "no source of the results has this name",
          remedy: videos.isEmpty
            ? "There is no video among the sources; leave it out"
            : "The sources are: \(names.joined(separator: ", "))")
      }
      for index in matches { paths[index] = file }
    }
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

  /// The sources with this name or address, else those whose file has the same name: a video may
  /// have been analysed more than once.
  private static func sources(
    of file: String, among free: [Int], in digest: RunDigest
  ) -> [Int] {
    let same = free.filter { digest.sources[$0].name == file || digest.sources[$0].uri == file }
    guard same.isEmpty else { return same }
    return free.filter {
      let source = digest.sources[$0]
      return PathText.name(of: source.uri ?? source.name) == PathText.name(of: file)
    }
  }

  private static func file(of uri: String, beside results: String) -> String? {
    NamedInputs.files(of: uri, beside: results).first { FileIdentity(path: $0) != nil }
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
