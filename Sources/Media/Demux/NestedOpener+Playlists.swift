import CFFmpeg
import Foundation
internal import Support

extension NestedOpener {
  /// The playlist in the file at `path`, after checking what it names; `nil` for media.
  ///
  /// - Throws: The refusal of the first name that may not be opened, as `EPERM`.
  func checkedPlaylist(
    _ file: DiskFile, at path: String
  ) throws(FFmpegError) -> PlaylistFile? {
    let head = try file.read(at: 0, count: 4096)
    guard let kind = PlaylistFile.kind(of: head) else { return nil }
    // FFmpeg asks about each name in an HLS playlist, so its start is enough.
    guard kind == .hls || file.size <= PlaylistFile.mostBytes else {
      throw refuse(path, .tooLong)
    }
    let size = min(file.size, PlaylistFile.mostBytes)
    var bytes: [UInt8] = []
    while bytes.count < size {
      let more = try file.read(at: bytes.count, count: size)
      if more.isEmpty { break }
      bytes += more
    }
    let playlist = PlaylistFile(kind, bytes)
    guard !playlist.hasOptions else { throw refuse(path, .options) }
    switch kind {
    case .hls:
      // A list that names itself would be read again and again.
      let name = path.split(separator: "/").last.map(String.init) ?? path
      if playlist.names.contains(where: { $0 == name || $0 == "./" + name || $0 == path }) {
        throw refuse(path, .endless)
      }
    case .list:
      for name in Set(playlist.names) {
        if interrupt.shouldStop() { throw FFmpegError(code: SD_AVERROR_EXIT, call: "open") }
        try checkEntry(name, in: PathText.folder(above: path))
      }
    case .presentation:
      if playlist.hasRanges { throw refuse(path, .ranges) }
      if let name = playlist.leadingOut { throw refuse(name, .leadingOut) }
      try checkLinks(in: PathText.folder(above: path))
    }
    return playlist
  }

  /// Checks a file that a list names: it may be media only, as a playlist could name anything.
  private func checkEntry(_ name: String, in folder: String) throws(FFmpegError) {
    let address = PlaylistFile.address(of: name, in: folder)
    let head: [UInt8]
    do throws(FFmpegError) {
      guard case .file(let path, _) = try place(of: address) else { return }
      head = try DiskFile(path: path, interrupt: interrupt).read(at: 0, count: 4096)
    } catch {
      missingEntry = redacted(name)
      throw error
    }
    guard PlaylistFile.kind(of: head) == nil else { throw refuse(address, .list) }
  }

  /// Checks that no link in a folder leads out of it: names in a presentation are made of patterns,
  /// so any file could be meant.
  private func checkLinks(in folder: String) throws(FFmpegError) {
    let found: FolderSearch
    do throws(GivenUpCall.Failure) {
      found = try GivenUpCall.run(until: interrupt.shouldStop) { FolderSearch(in: folder) }
    } catch {
      throw FFmpegError(code: SD_AVERROR_EXIT, call: "readdir")
    }
    if let reason = found.obstacle { throw refuse(folder, reason) }
    for (link, target) in found.links where !policy.allowsFile(target) {
      throw refuse(link, .file(path: target))
    }
  }
}
