import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

@Suite("Playlists whose segments are missing", .requires(.ffmpegPrograms))
struct PlaylistDamageTests {
  private let folder: ScratchFolder
  private let playlist: String

  init() throws {
    folder = try ScratchFolder()
    playlist = folder("a.m3u8")
    _ = try runProgram(
      "ffmpeg",
      [
        "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=8", "-f", "lavfi", "-i",
        "sine=d=8", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50",
        "-f", "hls", "-hls_time", "2", "-hls_list_size", "0", playlist,
      ])
  }

  private func missing() throws -> Shortfall? {
    let reader = try VideoReader(playlist)
    while try reader.next() != nil {}
    return reader.missingPart
  }

  private func segment(_ number: Int) -> String { folder("a\(number).ts") }

  @Test("all segments: complete")
  func whole() throws { #expect(try missing() == nil) }

  @Test("a segment that isn't there", arguments: 0...3)
  func absent(number: Int) throws {
    try FileManager.default.removeItem(atPath: segment(number))
    let missing = try missing()
    #expect(missing?.kind == (number == 3 ? .truncated : .gaps))
    #expect(missing?.message.contains("a\(number).ts") == true && missing?.isTransient == false)
  }

  @Test("a segment without a byte", arguments: 0...3)
  func empty(number: Int) throws {
    try Data().write(to: URL(filePath: segment(number)))
    #expect(try missing()?.kind == (number == 3 ? .truncated : .gaps))
  }

  @Test("a segment that is cut off", arguments: 0...3)
  func cut(number: Int) throws {
    let bytes = try Data(contentsOf: URL(filePath: segment(number)))
    try bytes.prefix(bytes.count / 2 / 188 * 188).write(to: URL(filePath: segment(number)))
    #expect(try missing()?.kind == (number == 3 ? .truncated : .gaps))
  }
}
