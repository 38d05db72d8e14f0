import Foundation
import MediaTestSupport
import Support
import TestSupport
import Testing

@testable import Media

/// A folder with a clip in it, one beside it, and playlists.
struct PlaylistFolder {
  let outer: ScratchFolder
  let inner: String

  init() throws {
    outer = try ScratchFolder()
    inner = outer("inner")
    let files = FileManager.default
    try files.createDirectory(atPath: inner, withIntermediateDirectories: true)
    try files.copyItem(atPath: media("plain.ts"), toPath: inner + "/own.ts")
    try files.copyItem(atPath: media("plain.ts"), toPath: outer("other.ts"))
  }

  /// Writes a file into the inner folder and returns its path.
  func add(_ name: String, _ text: String) throws -> String {
    try text.write(toFile: inner + "/" + name, atomically: true, encoding: .utf8)
    return inner + "/" + name
  }

  func playlist(_ name: String, _ segments: String..., end: String = "#EXT-X-ENDLIST") throws
    -> String
  {
    let entries = segments.map { "#EXTINF:2,\n\($0)\n" }.joined()
    return try add(
      name, "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n" + entries + end + "\n")
  }

  func list(_ name: String, _ entries: String...) throws -> String {
    try add(name, "ffconcat version 1.0\n" + entries.joined(separator: "\n") + "\n")
  }
}

extension InputOptions {
  /// Options for playlists, with limits that a busy machine keeps.
  static func patient(allowed: [String] = [], read: Double = longWait) -> InputOptions {
    var options = InputOptions()
    options.openTimeout = longWait
    options.readTimeout = read
    options.allowed = allowed
    return options
  }
}
