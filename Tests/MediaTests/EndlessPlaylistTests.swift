import Foundation
import MediaTestSupport
import Support
import TestSupport
import Testing

@testable import Media

@Suite("Playlists that never end", .requires(.media))
struct EndlessPlaylistTests {
  private let folder: PlaylistFolder

  init() throws { folder = try PlaylistFolder() }

  @Test("a playlist that names itself is refused at once", arguments: [0, 1, 2, 3])
  func naming(kind: Int) throws {
    let path =
      switch kind {
      case 0: try folder.playlist("a.m3u8", "a.m3u8", end: "")
      case 1: try folder.playlist("a.m3u8", "b.m3u8")
      case 2: try folder.add("a.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n")
      default: try folder.add("a.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nb.m3u8\n")
      }
    let back = "#EXTM3U\n" + String(repeating: "#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n", count: 99)
    _ = kind == 1 ? try folder.playlist("b.m3u8", "a.m3u8") : try folder.add("b.m3u8", back)
    #expect(try failure(path, options: .patient()) == "not_allowed")
  }

  @Test("a playlist without an end mark is read as a whole, and then ends as cut off")
  func noEndMark() throws {
    let path = try folder.playlist(
      "a.m3u8", "own.ts", "own.ts", "own.ts", "own.ts", "own.ts", end: "")
    let start = ContinuousClock.now
    let reading = try Reading(path, options: .patient(read: 1))
    #expect(ContinuousClock.now - start < .seconds(longWait))
    #expect(reading.frames.count == 250)
    #expect(reading.truncation?.contains("no end mark") == true)
    #expect(reading.info.kind == .file)
  }
}
