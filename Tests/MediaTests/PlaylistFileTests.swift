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

  @Test("the files that a playlist names are known, also by tags and patterns")
  func named() throws {
    let folder = try ScratchFolder()
    func add(_ name: String, _ text: String = "") throws {
      try Data(text.utf8).write(to: URL(filePath: folder(name)))
    }
    try add(
      "a.m3u8",
      "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k.key\"\n#EXT-X-MAP:URI=\"i.mp4\"\n#EXTINF:1,\n"
        + "s.m4s\n")
    #expect(
      filesNamedByPlaylists([folder("a.m3u8")])
        == ["i.mp4", "k.key", "s.m4s"].map { folder($0) })
    try FileManager.default.createDirectory(
      atPath: folder("video"), withIntermediateDirectories: true)
    let segments = ["init-0.m4s", "chunk-0-00001.m4s", "chunk-hd-77.m4s", "video/chunk-0-2.m4s"]
    for name in segments + ["chunk-0.m4s", "chunk-0-1.mp4", "other.m4s", "video/a.txt"] {
      try add(name)
    }
    try add(
      "a.mpd",
      "<?xml version=\"1.0\"?><MPD><Period><AdaptationSet><Representation id=\"0\">"
        + "<SegmentTemplate initialization=\"init-$RepresentationID$.m4s\" "
        + "media=\"chunk-$RepresentationID$-$Number%05d$.m4s\"/>"
        + "</Representation></AdaptationSet></Period></MPD>")
    #expect(filesNamedByPlaylists([folder("a.mpd")]) == segments.sorted().map { folder($0) })
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
