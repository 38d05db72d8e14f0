import CFFmpeg
import Foundation
internal import Support

extension FormatContext {
  /// The error for a failed read, from all that is known about the source.
  func failure(_ error: FFmpegError) -> MediaError {
    let error = actual(error)
    if let refusal = opener.refusal { return MediaError(refusal, source: source) }
    if isIndexAtEnd, [SD_AVERROR_INVALIDDATA, -EIO].contains(error.code) {
      return MediaError(
        .invalidData, source: source,
        message: pipe == nil
          ? "Its index (\"moov\") is at its end, and the server can't send parts of a file."
          : "Its index (\"moov\") is at its end, and a pipe can't be read from the start again.",
        remedy: (pipe == nil ? "Download it first" : "Give the path of a file")
          + ", or write it with \"ffmpeg -i IN -c copy -movflags +faststart OUT\".")
    }
    let origin: MediaError.Origin = file.map { .file(failure: $0.failure) } ?? .other
    let failure = MediaError(error, messages: [], origin: origin, source: source)
    guard failure.code == .invalidData, let pipe else { return failure }
    return ForeignFormat(pipe.head, isPipe: true)?.error(source: source) ?? failure
  }

  /// What a failed read of a file means whose disk works: damage, whatever the demuxer calls it.
  func actual(_ error: FFmpegError) -> FFmpegError {
    guard let file, file.failure == 0 else { return error }
    switch error.code {
    case -EIO, -EPERM, -EINVAL: break
    // A damaged length asks for more than the file has.
    case -ENOMEM where file.fitsMemory: break
    default: return error
    }
    return FFmpegError(code: SD_AVERROR_INVALIDDATA, call: error.call)
  }

  /// Whether the frames came before their index, and can't be read again.
  private var isIndexAtEnd: Bool {
    guard formatName.hasPrefix("mov"), let input = unsafe raw.pointee.pb else { return false }
    guard unsafe input.pointee.seekable & AVIO_SEEKABLE_NORMAL == 0 else { return false }
    return (0..<streamCount).contains { index in
      guard let stream = unsafe stream(index) else { return false }
      let start = unsafe sd_stream_index_start(stream)
      return start >= 0 && start < headerEnd
    }
  }

  /// The bytes of a file that belongs to the source, read within its deadlines.
  func byteFile(_ path: String) -> ByteFile? {
    ByteFile(path: path, interrupt: interrupt, stallTimeout: stallTimeout)
  }

  /// What shows that the file at `path`, which is this source, ends too early; `nil` if nothing
  /// does.
  ///
  /// - Throws: Why nothing is known, if another try may know more.
  func shortfall(ofFile path: String) throws(FFmpegError) -> String? {
    if playlist?.hasSegments == true {
      let isWhole = byteFile(path)?.contains(Array("#EXT-X-ENDLIST".utf8), from: 0) ?? true
      return isWhole ? nil : "the playlist has no end mark, and nothing was added to it in time"
    }
    if playlist?.kind == .list { return try entryShortfall(inFolder: PathText.folder(above: path)) }
    return try ContainerExtent.shortfall(
      ofFile: path, interrupt: interrupt, stallTimeout: stallTimeout)
  }

  /// What shows that one of the files of a list, of which FFmpeg joins what is there, is cut off.
  private func entryShortfall(inFolder folder: String) throws(FFmpegError) -> String? {
    var checked: Set<String> = []
    for name in playlist?.names ?? [] where checked.insert(name).inserted {
      if interrupt.shouldStop() { return nil }
      let path = PlaylistFile.address(of: name, in: folder)
      guard protocols(of: path).names.isEmpty else { continue }
      let found = try ContainerExtent.shortfall(
        ofFile: path, interrupt: interrupt, stallTimeout: stallTimeout)
      if let found { return "in \"\(redacted(name))\", \(found)" }
    }
    return nil
  }
}
