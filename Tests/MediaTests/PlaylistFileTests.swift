import Foundation
import MediaTestSupport
import Testing

@testable import Media
import Support

@Suite("Files that name others")
struct PlaylistFileTests {
  @Test("a long list is given up while its files are checked")
  func longList() throws {
    let folder = try ScratchFolder()
    let path = folder("a.ffconcat")
    try Data("ffconcat version 1.0\nfile own.ts\n".utf8).write(to: URL(filePath: path))
    try Data("media".utf8).write(to: URL(filePath: folder("own.ts")))
    let cancellation = Cancellation()
    let interrupt = Interrupt(cancellation)
    let opener = NestedOpener(
      main: path,
      policy: OpenPolicy(
        origin: .file(folder: resolvedPath(folder.path)), allowed: []),
      interrupt: interrupt, stallTimeout: 0)
    let file = try DiskFile(path: path, interrupt: interrupt, stallTimeout: 0)
    #expect(try opener.checkedPlaylist(file, at: path)?.kind == .list)
    cancellation.cancel()
    #expect(throws: FFmpegError.self) { try opener.checkedPlaylist(file, at: path) }
  }

  @Test("a playlist begins with its mark, and the mark within media is none")
  func kinds() {
    func kind(_ text: String) -> PlaylistFile.Kind? { PlaylistFile.kind(of: Array(text.utf8)) }
    #expect(kind("#EXTM3U\n#EXTINF:1,\na.ts\n") == .hls)
    #expect(kind("\u{FF}\u{D8}comment #EXTM3U") == nil)
    #expect(kind("<?xml version=\"1.0\"?>\n<mpd>") == .presentation)
    #expect(kind("\0\0\0 ftyp<MPD") == nil)
    let list = PlaylistFile(
      .hls, Array("#EXTM3U\n#EXT-X-TARGETDURATION:2.5\n#EXTINF:1,\n a.ts \n".utf8))
    #expect(list.targetDuration == 2.5)
    #expect(list.hasSegments)
    #expect(list.names == ["a.ts"])
  }
}
