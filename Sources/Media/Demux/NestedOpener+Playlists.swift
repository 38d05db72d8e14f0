import CFFmpeg
import Foundation
internal import Support

extension NestedOpener {
  /// The playlist in the file at `path`, after a look at what it names; `nil` for media.
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
      for name in playlist.names { try checkEntry(name, in: PathText.folder(above: path)) }
    case .presentation:
      if let name = playlist.leadingOut { throw refuse(name, .leadingOut) }
      try checkLinks(in: PathText.folder(above: path))
    }
    return playlist
  }

  /// Checks a file that a list names: it may be media only, as a playlist could name anything.
  private func checkEntry(_ name: String, in folder: String) throws(FFmpegError) {
    let isRelative = protocols(of: name).names.isEmpty && !name.hasPrefix("/")
    let address = isRelative ? folder + "/" + name : name
    guard case .file(let path, _) = try place(of: address) else { return }
    let head = try DiskFile(path: path, interrupt: interrupt).read(at: 0, count: 4096)
    guard PlaylistFile.kind(of: head) == nil else { throw refuse(address, .list) }
  }

  /// Checks that no link in a folder leads out of it: names in a presentation are made of patterns,
  /// so any file could be meant.
  private func checkLinks(in folder: String) throws(FFmpegError) {
    let found: (links: [String: String], isWhole: Bool)
    do throws(GivenUpCall.Failure) {
      found = try GivenUpCall.run(until: interrupt.shouldStop) { resolvedLinks(in: folder) }
    } catch {
      throw FFmpegError(code: SD_AVERROR_EXIT, call: "readdir")
    }
    guard found.isWhole else { throw refuse(folder, .tooLong) }
    for (link, target) in found.links where !policy.allowsFile(target) {
      throw refuse(link, .file(path: target))
    }
  }
}

/// The links in a folder and those in it, and where they lead; not whole if there are too many
/// files.
private func resolvedLinks(in folder: String) -> (links: [String: String], isWhole: Bool) {
  var links: [String: String] = [:]
  var count = 0
  guard let names = FileManager.default.enumerator(atPath: folder) else { return (links, true) }
  while let name = names.nextObject() as? String {
    count += 1
    if count > 100_000 { return (links, false) }
    let path = folder + "/" + name
    var status = stat()
    guard unsafe lstat(FileName.cString(path), &status) == 0, status.st_mode & S_IFMT == S_IFLNK
    else { continue }
    links[path] = existingPath(waitingFor: path)
  }
  return (links, true)
}
