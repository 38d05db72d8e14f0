internal import Foundation
internal import Media

/// One line of a manifest; other keys are ignored.
private struct ManifestLine: Decodable {
  var id: String?
  var uri: String
}

extension SourceExpansion {
  /// Adds the sources of a list file: a manifest if it ends in `.jsonl`, otherwise one argument a
  /// line.
  mutating func addList(_ path: String) throws(SourceListError) {
    let shown = "@\(path)"
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw SourceListError(
        shown, "The list can't be read as UTF-8 text.", "Check its path, and that you may read it.")
    }
    let before = sources.count
    let isManifest = path.lowercased().hasSuffix(".jsonl")
    // A byte order mark is a character of its own here; "\r\n" is one line end.
    let lines = text.drop { $0 == "\u{FEFF}" }.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let line = line.trimmingCharacters(in: .whitespaces)
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      let place = "\(shown):\(number + 1)"
      if isManifest {
        try addManifestLine(line, shownAs: place)
      } else if line.hasPrefix("@") {
        throw SourceListError(place, "A list can't name another list.", "Give both as arguments.")
      } else {
        try addPlain(line, shownAs: "\(place): \(redacted(line))")
      }
    }
    guard sources.count > before else {
      throw SourceListError(shown, "The list names no source.", "Write one source a line.")
    }
  }

  private mutating func addManifestLine(
    _ line: String, shownAs place: String
  ) throws(SourceListError) {
    guard let entry = try? JSONDecoder().decode(ManifestLine.self, from: Data(line.utf8)),
      !entry.uri.isEmpty
    else {
      throw SourceListError(
        place, "The line isn't a JSON object with a \"uri\".",
        #"Write lines such as {"id": "door", "uri": "rtsp://10.0.0.5/h264"}."#)
    }
    if let id = entry.id {
      guard !id.isEmpty else {
        throw SourceListError(place, "The id is empty.", "Leave it out, or give it a name.")
      }
      try addNamed(id, entry.uri, shownAs: place)
    } else {
      try addPlain(entry.uri, shownAs: "\(place): \(redacted(entry.uri))")
    }
  }
}
