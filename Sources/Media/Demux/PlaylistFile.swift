import CFFmpeg
import Foundation
internal import Support

/// A local file that names others, read before FFmpeg reads it.
struct PlaylistFile {
  enum Kind {
    /// `#EXTM3U`, for HTTP Live Streaming.
    case hls
    /// `ffconcat`: files that FFmpeg joins. Its reader of them opens them without calling us.
    case list
    /// MPEG-DASH. FFmpeg's reader of it opens files without calling us, too.
    case presentation
  }

  /// What an HLS playlist begins with.
  static let hlsMark = Array("#EXTM3U".utf8)
  /// The size above which a list or a presentation is not read.
  static let mostBytes = 4 << 20

  let kind: Kind
  /// What it names, as it is written.
  let names: [String]
  /// Whether something in it changes how names are read or files opened.
  let hasOptions: Bool
  /// Whether its segments are ranges of bytes of one file, which FFmpeg's reader of presentations
  /// can't take and reads for ever.
  private(set) var hasRanges = false

  /// The kind of a file that starts with `bytes`; `nil` if it names no others.
  static func kind(of bytes: [UInt8]) -> Kind? {
    if bytes.starts(with: "ffconcat version 1.0".utf8) { return .list }
    if bytes.starts(with: hlsMark) { return .hls }
    // FFmpeg takes `<mpd` for it too, up to the first zero.
    let text = bytes.prefix(4096).prefix { $0 != 0 }
    let lowercase = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    return lowercase.contains(bytes: "<mpd".utf8) ? .presentation : nil
  }

  /// Whether it is an HLS playlist of segments, and not of other playlists.
  let hasSegments: Bool
  /// The longest segment of an HLS playlist, in seconds.
  let targetDuration: Double?
  /// How far the lengths of an HLS playlist's segments can be from what comes, in seconds.
  ///
  /// They may be rounded to whole ones. `nil` if nothing is known.
  private(set) var tolerance: Double?

  init(_ kind: Kind, _ bytes: [UInt8]) {
    self.kind = kind
    let text = kind == .hls ? bytes : []
    hasSegments = text.contains(bytes: "#EXTINF".utf8)
    let tag = "#EXT-X-TARGETDURATION:"
    targetDuration = text.firstPlace(of: tag.utf8).flatMap { place in
      let digits = text[(place + tag.utf8.count)...].prefix { "0123456789.".utf8.contains($0) }
      return Double(String(decoding: digits, as: UTF8.self))
    }
    switch kind {
    case .hls:
      names = Self.lines(bytes).compactMap { line in
        // Keys, initial parts and other renditions are named in tags.
        guard let name = line.first == UInt8(ascii: "#") ? Self.address(in: line) : line else {
          return nil
        }
        return String(decoding: name, as: UTF8.self).trimmingCharacters(in: .whitespaces)
      }
      hasOptions = false
      if hasSegments {
        let lengths = Self.lines(bytes).filter { $0.starts(with: "#EXTINF:".utf8) }
        let isRounded = !lengths.contains { $0.contains(UInt8(ascii: ".")) }
        tolerance = isRounded ? max(1, 0.5 * Double(lengths.count)) : 0.5
      }
    case .list:
      let lines = Self.lines(bytes).map(Self.words)
      names = lines.filter { $0.first == "file" }.compactMap { $0.count > 1 ? $0[1] : nil }
      hasOptions = lines.contains { $0.first == "option" }
    case .presentation:
      let found = PresentationNames(bytes)
      names = found?.values ?? []
      hasOptions = found == nil
      hasRanges = found?.hasRanges ?? false
    }
  }

  /// Where a list in `folder` finds what it calls `name`.
  static func address(of name: String, in folder: String) -> String {
    let isRelative = protocols(of: name).names.isEmpty && name.utf8.first != UInt8(ascii: "/")
    return isRelative ? folder + "/" + name : name
  }

  /// The address in a tag, such as `#EXT-X-MAP:URI="init.mp4"`.
  private static func address(in tag: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let mark = Array("URI=\"".utf8)
    guard tag.starts(with: "#EXT".utf8), let place = tag.firstPlace(of: mark) else { return nil }
    return tag[(place + mark.count)...].prefix { $0 != UInt8(ascii: "\"") }
  }

  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(whereSeparator: { [0x0A, 0x0D, 0].contains($0) })
  }

  /// The words of a line, with FFmpeg's rules for quotes; no more than the first three.
  private static func words(_ line: ArraySlice<UInt8>) -> [String] {
    var words: [String] = []
    unsafe (Array(line) + [0]).withUnsafeBufferPointer { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { text in
        var place = text.baseAddress
        while let start = unsafe place, unsafe start.pointee != 0, words.count < 3 {
          guard let word = unsafe av_get_token(&place, " \t\r\n") else { return }
          words.append(unsafe FileName.text(cString: word))
          unsafe av_free(word)
          while let next = unsafe place, unsafe next.pointee == 0x20 || next.pointee == 0x09 {
            unsafe place = next + 1
          }
        }
      }
    }
    return words
  }
}

extension PlaylistFile {
  /// Whether a name made of `value` can only lead into the presentation's own folder.
  private static func isInside(_ value: String) -> Bool {
    value.utf8.first != UInt8(ascii: "/") && !Array(value.utf8).contains(bytes: "..".utf8)
      && protocols(of: value).names.isEmpty
  }

  /// The first of the names in a presentation that may lead out of its folder.
  var leadingOut: String? {
    names.first { !Self.isInside($0) }
  }
}
