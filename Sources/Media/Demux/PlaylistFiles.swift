import Foundation
internal import Support

/// The local files that playlists among the files at `paths` name, directly or through another one.
///
/// Of a DASH presentation these are the files in its folder and below that may be its segments.
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
  if kind == .presentation {
    // Where each name is looked for depends on the addresses around it.
    let patterns = Set(playlist.names.map(PathText.name)).map(NamePattern.init)
    return FolderSearch(in: folder).files.filter { path in
      let name = FileName.bytes(PathText.name(of: path))
      return patterns.contains { $0.matches(name) }
    }
  }
  return playlist.names.compactMap { name in
    let address = PlaylistFile.address(of: name, in: folder)
    return FileAddress.path(of: address) ?? (address.contains("://") ? nil : address)
  }
}

/// What a name in a presentation may become: between two `$`, anything is put in.
private struct NamePattern {
  private let literals: [[UInt8]]

  init(_ name: String) {
    let parts = FileName.bytes(name).split(
      separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
    literals = stride(from: 0, to: parts.count, by: 2).map { Array(parts[$0]) }
  }

  func matches(_ name: [UInt8]) -> Bool {
    guard let first = literals.first, let last = literals.last, literals.count > 1 else {
      return literals.first == name
    }
    guard name.count >= first.count + last.count, name.starts(with: first),
      name.suffix(last.count) == last[...]
    else { return false }
    var rest = name[first.count..<(name.count - last.count)]
    for literal in literals.dropFirst().dropLast() {
      guard let place = rest.firstPlace(of: literal) else { return false }
      rest = rest[(place + literal.count)...]
    }
    return true
  }
}

private func start(of descriptor: Int32, count: Int) -> [UInt8] {
  unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
    unsafe filled = max(0, pread(descriptor, buffer.baseAddress, count, 0))
  }
}
