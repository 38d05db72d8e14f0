import Foundation
internal import Support

/// The local files that playlists among the files at `paths` name, directly or through another one.
///
/// Names that a DASH presentation makes out of patterns aren't known before it is played.
public func filesNamedByPlaylists(_ paths: [String]) -> [String] {
  var (named, waiting) = (Set<String>(), paths.map { FileAddress.path(of: $0) ?? $0 })
  // A playlist of playlists of segments is as deep as HLS goes; one that names itself has no end.
  for _ in 0..<3 where !waiting.isEmpty {
    let found = DiskCall.each("open", waiting, namesOfPlaylist)
    waiting = found.flatMap { $0 ?? [] }.filter { named.insert($0).inserted }
  }
  return named.sorted()
}

/// The paths that the file at `path` names; none if it isn't a playlist.
private func namesOfPlaylist(_ path: String) -> [String] {
  // Opening a named pipe, and closing it again, would end the program that writes into it.
  guard (try? FileStatus(waitingFor: path))?.kind == .file else { return [] }
  let descriptor = unsafe open(FileName.cString(path), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard descriptor >= 0 else { return [] }
  defer { close(descriptor) }
  guard let kind = PlaylistFile.kind(of: start(of: descriptor, count: 4096)) else { return [] }
  let folder = PathText.folder(above: path)
  let playlist = PlaylistFile(kind, start(of: descriptor, count: PlaylistFile.mostBytes))
  return playlist.names.compactMap { name in
    let address = PlaylistFile.address(of: name, in: folder)
    return FileAddress.path(of: address) ?? (address.contains("://") ? nil : address)
  }
}

private func start(of descriptor: Int32, count: Int) -> [UInt8] {
  unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
    unsafe filled = max(0, pread(descriptor, buffer.baseAddress, count, 0))
  }
}
