/// `text` with every URL in it redacted, for log lines.
///
/// The credentials in HTTP and RTSP headers, which FFmpeg logs at its lowest level, are redacted
/// too.
func redactedText(_ text: String) -> String {
  text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
    let lower = line.lowercased()
    let header = ["authorization:", "cookie:"].compactMap { lower.firstRange(of: $0) }.first
    guard let header else { return redactedLine(line) }
    return line.prefix(lower[..<header.upperBound].count) + " ***"
  }.joined(separator: "\n")
}

private func redactedLine(_ text: Substring) -> String {
  guard text.contains("://") || text.contains("=") else { return String(text) }
  return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
    guard word.contains("://") else {
      // A request's target comes without scheme and host.
      return word.contains("?") || word.contains("&") ? redactedPairs(word) : String(word)
    }
    // Quotes, brackets and punctuation around a URL aren't part of it.
    let quotes = "'\"<>()"
    let start = word.firstIndex { !quotes.contains($0) } ?? word.startIndex
    let end = word.lastIndex { !quotes.contains($0) && !",:".contains($0) } ?? word.startIndex
    guard start <= end else { return String(word) }
    return word[..<start] + redacted(String(word[start...end])) + word[word.index(after: end)...]
  }.joined(separator: " ")
}
