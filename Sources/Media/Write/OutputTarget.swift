internal import Foundation
internal import Support

/// Where a video is written, and in which container.
struct OutputTarget {
  /// As the user wrote it.
  var location: String
  /// FFmpeg's name for the muxer.
  var muxer: String
  /// The URL that FFmpeg opens: an address, or `file:` and a path.
  var url: String
  /// The file being written; nil for networks, devices and pipes, which are written directly.
  var file: PartialFile?
  /// Whether it is a network address, which may block.
  var isNetwork: Bool

  /// Containers by the suffix of a file.
  private static let muxerOfSuffix = [
    "mp4": "mp4", "m4v": "mp4", "mov": "mov", "mkv": "matroska", "webm": "webm", "avi": "avi",
    "ts": "mpegts", "mts": "mpegts", "m2ts": "mpegts", "flv": "flv", "nut": "nut",
  ]

  /// Containers by the protocol of an address.
  private static let muxerOfScheme = [
    "rtmp": "flv", "rtmps": "flv", "rtsp": "rtsp", "rtsps": "rtsp", "udp": "mpegts",
    "tcp": "mpegts", "srt": "mpegts",
  ]

  /// Parses a path or an address, and makes the file.
  ///
  /// `claimed` is that file, if it has been made already.
  ///
  /// - Throws: `MediaError` "output_format" if no container is known for its suffix or protocol,
  ///   "output_failed" or "output_in_use" if the file can't be made.
  init(_ location: String, claimed: PartialFile? = nil) throws(MediaError) {
    self.location = location
    muxer = try Self.muxer(of: location)
    if location.contains("://") {
      // FFmpeg has one muxer for RTSP with and without TLS.
      url = location
      isNetwork = true
      return
    }
    isNetwork = false
    if PartialFile.isSpecial(location) {
      url = "file:" + location
    } else {
      let partial: PartialFile
      if let claimed { partial = claimed } else { partial = try Self.makeFile(location) }
      file = partial
      url = "file:" + partial.partialPath
    }
  }

  /// A file that grows under its own name, with FFmpeg's muxer `muxer`.
  init(growingFile path: String, muxer: String) {
    location = path
    self.muxer = muxer
    url = "file:" + path
    isNetwork = false
  }

  /// FFmpeg's name for the muxer of a path or an address.
  ///
  /// - Throws: `MediaError` "output_format".
  static func muxer(of location: String) throws(MediaError) -> String {
    if let end = location.range(of: "://") {
      let scheme = location[..<end.lowerBound].lowercased()
      if let muxer = muxerOfScheme[scheme] { return muxer }
      throw unknown(location, "protocol", of: muxerOfScheme.keys.map { $0 + "://" })
    }
    if let muxer = muxerOfSuffix[PathText.suffix(of: location)] { return muxer }
    throw unknown(location, "suffix", of: muxerOfSuffix.keys.map { "." + $0 })
  }

  private static func makeFile(_ location: String) throws(MediaError) -> PartialFile {
    do { return try PartialFile(location) } catch { throw MediaError(output: error) }
  }

  private static func unknown(_ location: String, _ part: String, of known: [String]) -> MediaError
  {
    MediaError(
      "output_format", source: location, message: "No video container is known for this \(part).",
      remedy: "Use one of \(known.sorted().joined(separator: ", ")).")
  }
}

extension VideoWriter {
  /// Makes sure that a video of this name, or to this address, has a container.
  ///
  /// - Throws: `MediaError` "output_format".
  package static func checkName(_ location: String) throws(MediaError) {
    _ = try OutputTarget.muxer(of: location)
  }
}
