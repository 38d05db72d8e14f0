internal import Foundation
internal import Media
internal import Support

extension SourceExpansion {
  /// Adds the sources of a list: a manifest if it ends in `.jsonl`, otherwise one argument a line.
  ///
  /// The list `-` is standard input, also by its other names.
  mutating func addList(_ path: String) throws(SourceListError) {
    let shown = "@\(path)"
    if ListText.isStandardInput(path) { try takeStandardInput(shownAs: shown) }
    // Names in it may be any bytes but zero, which UTF-16 is full of.
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try ListText.bytes(of: path)
    } catch {
      if error.isTimedOut {
        throw SourceListError(
          shown, "\(error.reason).", "Check the drive and its network, then run it again.",
          isTransient: true)
      }
      if error.isTooLarge {
        throw SourceListError(
          shown, "The list has more than \(ListText.largest >> 20) MiB.", "Divide it.")
      }
      throw SourceListError(
        shown, "\(error.reason).", "Check its path, and that you may read it.")
    }
    guard !bytes.contains(0) else {
      throw SourceListError(
        shown, "The list is not text.", "Write one source a line, in UTF-8 or plain bytes.")
    }
    let text = FileName.text(bytes)
    var isEmpty = true
    let isManifest = ListText.isManifest(path, text: text)
    // A byte order mark is a character of its own here; "\r\n" is one line end.
    let lines = text.drop { $0 == "\u{FEFF}" }.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let line = line.trimmingCharacters(in: .whitespaces)
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      let place = "\(shown):\(number + 1)"
      isEmpty = false
      if isManifest {
        try addManifestLine(line, shownAs: place)
      } else if line.hasPrefix("@") {
        throw SourceListError(place, "A list can't name another list.", "Give both as arguments.")
      } else {
        try addPlain(line, shownAs: "\(place): \(redacted(line))")
      }
    }
    guard !isEmpty else {
      throw SourceListError(shown, "The list names no source.", "Write one source a line.")
    }
  }

  private mutating func addManifestLine(
    _ line: String, shownAs place: String
  ) throws(SourceListError) {
    let entry = try? JSONDecoder().decode(ManifestLine.self, from: Data(line.utf8))
    if let unknown = entry?.unknownKey(takesSettings: options.takesSettings) {
      throw SourceListError(
        place, "The line has the unknown key '\(unknown.name.prefix(100))'.",
        unknown.nearest.map { "Did you mean '\($0)'?" }
          ?? (options.takesSettings
            ? "Leave it out: a line has \"id\", \"uri\", \"start\", \"end\" and \"options\"."
            : "Leave it out: a line has an \"id\" and a \"uri\"."))
    }
    guard let entry, let uri = entry.uri, !uri.isEmpty else {
      throw SourceListError(
        place, "The line isn't a JSON object with a \"uri\".",
        #"Write lines such as {"id": "door", "uri": "rtsp://10.0.0.5/h264"}."#)
    }
    let before = sources.count
    defer { note(entry, from: before, shownAs: place) }
    if let fault = entry.fault {
      throw SourceListError(place, fault.message, fault.remedy)
    }
    if let id = entry.id {
      guard !id.isEmpty else {
        throw SourceListError(place, "The id is empty.", "Leave it out, or give it a name.")
      }
      try addNamed(id, uri, shownAs: place)
    } else {
      try addPlain(uri, shownAs: "\(place): \(redacted(uri))")
    }
  }
}
