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

  @Test("a segment that is no media", arguments: 0...3)
  func noMedia(number: Int) throws {
    let text = "<html>404 not found</html>\n"
    try Data(String(repeating: text, count: 100).utf8).write(to: URL(filePath: segment(number)))
    #expect(try missing() != nil)
  }

  @Test("lengths that are rounded to whole seconds lead to nothing that is missing")
  func roundedLengths() throws {
    let path = folder("b.m3u8")
    _ = try runProgram(
      "ffmpeg",
      [
        "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=16", "-c:v",
        "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "40", "-f", "hls",
        "-hls_time", "1.6", "-hls_list_size", "0", "-hls_flags", "round_durations", path,
      ])
    let reader = try VideoReader(path)
    while try reader.next() != nil {}
    #expect(reader.missingPart == nil)
  }

  @Test(
    "an entry of a list that is cut off or missing is named", arguments: ["cut", "gone", "own"])
  func listEntry(second: String) throws {
    let bytes = try Data(contentsOf: URL(filePath: media("plain.ts")))
    try bytes.write(to: URL(filePath: folder("own.ts")))
    try bytes.prefix(bytes.count * 6 / 10 / 188 * 188 - 100)
      .write(to: URL(filePath: folder("cut.ts")))
    let list = "ffconcat version 1.0\nfile own.ts\nfile \(second).ts\nfile own.ts\n"
    try Data(list.utf8).write(to: URL(filePath: folder("a.ffconcat")))
    guard second != "gone" else {
      let error = try #require(throws: MediaError.self) {
        _ = try VideoReader(folder("a.ffconcat"))
      }
      #expect(error.code == .notFound && error.message.contains("\"gone.ts\""), "\(error)")
      return
    }
    let reader = try VideoReader(folder("a.ffconcat"))
    while try reader.next() != nil {}
    #expect(reader.truncationReason?.contains("\"cut.ts\"") ?? (second == "own"))
  }

  @Test("a fragment of a DASH presentation that isn't there", arguments: 1...4)
  func absentFragment(number: Int) throws {
    let path = folder("a.mpd")
    _ = try runProgram(
      "ffmpeg",
      [
        "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=4", "-c:v", "libx264",
        "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25", "-f", "dash", "-seg_duration",
        "1", path,
      ])
    try FileManager.default.removeItem(atPath: folder("chunk-stream0-0000\(number).m4s"))
    let reader = try VideoReader(path)
    while try reader.next() != nil {}
    #expect(reader.missingPart?.kind == (number == 4 ? .truncated : .gaps))
    try FileManager.default.removeItem(atPath: folder("init-stream0.m4s"))
    let error = try #require(throws: MediaError.self) { try VideoReader(path) }
    #expect(error.message.hasPrefix("It names "), "\(error)")
  }
}
