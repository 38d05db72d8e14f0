/// Why results could not be written.
public enum OutputError: Error, Hashable, Sendable {
  /// The reader of a pipe went away: a quiet end, not a failure.
  case brokenPipe
  /// A file, folder or stream could not be made or written.
  case failed(path: String, reason: String, remedy: String)
}

extension OutputError: CustomStringConvertible {
  /// One line: path, reason, remedy.
  public var description: String {
    switch self {
    case .brokenPipe: "the reader of the output went away"
    case .failed(let path, let reason, let remedy): "\(path): \(reason). \(remedy)"
    }
  }
}
