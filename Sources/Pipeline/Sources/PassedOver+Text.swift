internal import Media

extension PassedOver {
  /// `12 files passed over: 9 .heic, 3 .txt.`, and what to do about them; empty without any.
  public var summary: String {
    var sentences: [String] = []
    let total = files.values.reduce(0, +)
    if total > 0 {
      let kinds = files.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      let shown = kinds.prefix(8).map {
        "\($0.value) " + ($0.key.isEmpty ? "without suffix" : ".\($0.key)")
      }
      let rest = kinds.count > 8 ? ", and \(kinds.count - 8) other suffixes" : ""
      sentences.append(
        "\(total) file\(total == 1 ? "" : "s") passed over: \(shown.joined(separator: ", "))\(rest)."
      )
    }
    if files.keys.contains(where: MediaSuffix.needsTiles.contains) {
      sentences.append("FFmpeg \(PictureSupport.release) can't read HEIC. \(PictureRemedy.heic)")
    }
    if folders > 0 {
      sentences.append(
        "\(folders) folder\(folders == 1 ? "" : "s") not searched: add --recursive, or name what "
          + "links lead to.")
    }
    return sentences.joined(separator: " ")
  }
}
